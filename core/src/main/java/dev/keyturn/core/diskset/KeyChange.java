package dev.keyturn.core.diskset;

import dev.keyturn.core.door.Permit;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Accepted;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;
import java.util.function.BiFunction;

/** What changes the key of a set: the rotation engine, as far as the service of sets needs it. Thread-safe. */
public interface KeyChange {
    /**
     * A change that a client asks for. {@code others} is what else it changes at the same
     * time, never the key; it is asked in a transaction, and again in the one that begins the change.
     */
    record Request(
            ArmId set,
            KeyId to,
            Optional<ArmId> toVault,
            boolean deep,
            Optional<Long> ifMatch,
            BiFunction<Tx, DiskEncryptionSet, DiskEncryptionSet> others) {

        /** A change of the key and of nothing else. */
        public static Request of(ArmId set, KeyId to) {
            return new Request(set, to, Optional.empty(), false, Optional.empty(), (_, s) -> s);
        }
    }

    /** Whether saving this key means work: it is another one, or artifacts of the set are not under it (R5). */
    boolean needed(DiskEncryptionSet set, KeyId key);

    /**
     * Why {@code as} could not open what is under this set key, found out by trying it; empty where it can. One vault
     * call, never inside a transaction.
     */
    Optional<ErrorInfo> unopenable(SetKey.Customer key, PrincipalId as);

    /**
     * Begins it for the permit's caller, or refuses with every blocker and changes nothing (R3).
     *
     * @param before the set as this request found it
     */
    Accepted<DiskEncryptionSet> begin(Permit permit, DiskEncryptionSet before, Request request);
}
