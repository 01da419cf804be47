package dev.keyturn.core.power;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.Optional;

/** Writes down since when a set's key has been lost, and that it is back. */
final class KeyLoss {
    private KeyLoss() {}

    static void clear(Tx tx, PowerParts parts, DiskEncryptionSet set) {
        set(tx, parts, set, Optional.empty());
    }

    static void since(Tx tx, PowerParts parts, DiskEncryptionSet set, Instant when) {
        set(tx, parts, set, Optional.of(when));
    }

    private static void set(Tx tx, PowerParts parts, DiskEncryptionSet set, Optional<Instant> lostAt) {
        Resource head = set.head().changed(parts.clock().instant());
        parts.sets().update(tx, set.with(head).keyLost(lostAt)).require(set.id());
    }
}
