package dev.keyturn.core.diskset;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.List;

/** The key versions other than the active one that artifacts of a set are under: none, unless it is split (R5). */
public final class PreviousKeys {
    private PreviousKeys() {}

    public static List<KeyId> of(Tx tx, SetKeyStore setKeys, DiskEncryptionSet set) {
        return setKeys.inUse(tx, set.id()).stream()
                .map(SetKey.Customer::key)
                .filter(key -> !key.equals(set.activeKey()))
                .toList();
    }
}
