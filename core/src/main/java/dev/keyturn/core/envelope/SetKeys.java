package dev.keyturn.core.envelope;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * Mints, finds and opens set keys. A set key is stored only after its wrapped form was unwrapped again, by the vault,
 * to the same key. Makes vault calls, so nothing here may be called inside a transaction unless it takes one.
 * Thread-safe.
 */
public final class SetKeys {
    private static final String PLATFORM_CONTEXT = "keyturn platform set key";

    private final Transactions transactions;
    private final SetKeyStore store;
    private final CustomerKeys vault;
    private final PlatformKey platform;
    private final SecureRandom random;
    private final Clock clock;

    public SetKeys(
            Transactions transactions,
            SetKeyStore store,
            CustomerKeys vault,
            PlatformKey platform,
            SecureRandom random,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.vault = vault;
        this.platform = platform;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A new set key that is not stored yet: {@link #keep} it in the transaction that first needs it. Two vault calls.
     * Refused, naming the key, where the vault refuses.
     */
    public SetKey.Customer mint(ArmId set, KeyId key, PrincipalId as) {
        try (SecretBytes fresh = SetKeyCipher.newDataKey(random)) {
            byte[] wrapped = vault.wrap(as, key, fresh);
            try (SecretBytes again = vault.unwrap(as, key, wrapped)) {
                if (!again.sameAs(fresh)) {
                    throw new IllegalStateException("the vault unwrapped another set key than it wrapped: " + key);
                }
            }
            return new SetKey.Customer(new SetKeyId(UUID.randomUUID()), set, key, wrapped, clock.instant());
        }
    }

    /** Stores a minted set key, or returns the one that the set has for this key version by now. */
    public SetKey.Customer keep(Tx tx, SetKey.Customer minted) {
        Optional<SetKey.Customer> present = store.find(tx, minted.set(), minted.key());
        if (present.isPresent()) {
            return present.get();
        }
        store.insert(tx, minted);
        return minted;
    }

    /** The stored set key for a set and a key version, minted where there is none. */
    public SetKey.Customer ensure(ArmId set, KeyId key, PrincipalId as) {
        Optional<SetKey.Customer> present = transactions.read(tx -> store.find(tx, set, key));
        if (present.isPresent()) {
            return present.get();
        }
        SetKey.Customer minted = mint(set, key, as);
        return transactions.write(tx -> keep(tx, minted));
    }

    /** One vault call. Refused, naming the key, where the vault refuses. */
    public SetKeyCipher open(SetKey.Customer setKey, PrincipalId as) {
        return new SetKeyCipher(setKey.id(), vault.unwrap(as, setKey.key(), setKey.wrapped()), random);
    }

    /** The set key of the CVMs without a set (R1), made at its first use. */
    public SetKey.Platform ensurePlatform() {
        Optional<SetKey.Platform> present = transactions.read(store::platform);
        if (present.isPresent()) {
            return present.get();
        }
        try (SecretBytes fresh = SetKeyCipher.newDataKey(random)) {
            byte[] wrapped = platform.seal(fresh, PLATFORM_CONTEXT);
            SetKey.Platform made = new SetKey.Platform(new SetKeyId(UUID.randomUUID()), wrapped, clock.instant());
            return transactions.write(tx -> store.platform(tx).orElseGet(() -> {
                store.insert(tx, made);
                return made;
            }));
        }
    }

    public SetKeyCipher open(SetKey.Platform setKey) {
        return new SetKeyCipher(setKey.id(), platform.open(setKey.wrapped(), PLATFORM_CONTEXT), random);
    }
}
