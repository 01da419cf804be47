package dev.keyturn.server.keyvault;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The real store, but for key versions that a test says artifacts are under. */
final class InUse implements SetKeyStore {
    final Set<KeyId> keys = new HashSet<>();
    private final SetKeyStore real;

    InUse(SetKeyStore real) {
        this.real = real;
    }

    @Override
    public void insert(Tx tx, SetKey key) {
        real.insert(tx, key);
    }

    @Override
    public Optional<SetKey> find(Tx tx, SetKeyId id) {
        return real.find(tx, id);
    }

    @Override
    public Optional<SetKey.Customer> find(Tx tx, ArmId set, KeyId key) {
        return real.find(tx, set, key);
    }

    @Override
    public Optional<SetKey.Platform> platform(Tx tx) {
        return real.platform(tx);
    }

    @Override
    public List<SetKey.Customer> inUse(Tx tx, ArmId set) {
        return real.inUse(tx, set);
    }

    @Override
    public boolean inUse(Tx tx, KeyId key) {
        return keys.contains(key) || real.inUse(tx, key);
    }

    @Override
    public void deleteUnused(Tx tx, ArmId set, Optional<SetKeyId> keep) {
        real.deleteUnused(tx, set, keep);
    }
}
