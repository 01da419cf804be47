package dev.keyturn.core.identity;

import dev.keyturn.core.tx.CheckReturnValue;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** Small facts about the installation that are made once at the first start: tenant, subscription, administrator. */
@CheckReturnValue
public interface Settings {
    Optional<String> find(Tx tx, String name);

    /** Writes the value, over an older one. */
    void put(Tx tx, String name, String value);
}
