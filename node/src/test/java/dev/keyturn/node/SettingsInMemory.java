package dev.keyturn.node;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Settings that a test may alter as who can write the database does. Takes nothing back. */
final class SettingsInMemory implements Settings, Transactions {
    private static final Tx TX = new Tx() {};

    final Map<String, String> values = new HashMap<>();

    @Override
    public Optional<String> find(Tx tx, String name) {
        return Optional.ofNullable(values.get(name));
    }

    @Override
    public void put(Tx tx, String name, String value) {
        values.put(name, value);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        return work.apply(TX);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return work.apply(TX);
    }
}
