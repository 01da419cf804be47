package dev.keyturn.node;

import dev.keyturn.core.power.KeyAccessMonitor;
import dev.keyturn.core.time.SeenTime;
import java.time.Clock;
import java.time.Duration;

/** What a running node does from time to time without being asked; power has a {@link dev.keyturn.core.power.PowerWatch}. */
final class Upkeep {
    /** Longest that a lost key goes unnoticed; a grace of zero cannot be kept more exactly than this. */
    private static final Duration KEY_ACCESS = Duration.ofSeconds(5);

    /** Longest stretch of time that the server forgets to have seen where the machine goes down with it. */
    private static final Duration TIME = Duration.ofMinutes(1);

    /** Key Vault's policies and retentions count in days. */
    private static final Duration KEY_UPKEEP = Duration.ofMinutes(5);

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final Services services;
    private final Clock clock;
    private final SeenTime time;
    private final Duration auditKept;

    Upkeep(Services services, NodeBuilder parts) {
        this.services = services;
        this.clock = parts.clock;
        this.time = parts.time;
        this.auditKept = parts.auditKept;
    }

    void schedule(PeriodicTasks tasks) {
        KeyAccessMonitor keys = services.keyAccess();
        tasks.every(KEY_ACCESS, "key access monitor", () -> keys.runOnce(clock.instant()));
        tasks.every(TIME, "time seen", time::store);
        tasks.every(
                HOUSEKEEPING,
                "forgetting old operations",
                () -> services.operations().forgetOld(time.reached()));
        tasks.every(
                HOUSEKEEPING, "audit checkpoint", () -> services.checkpoints().signDaily());
        tasks.every(
                HOUSEKEEPING,
                "audit checkpoint of nodes that are gone",
                () -> services.checkpoints().signLeftBehind());
        tasks.every(
                HOUSEKEEPING,
                "retention of audit records",
                () -> services.checkpoints().cut(auditKept));
        tasks.every(
                HOUSEKEEPING,
                "retention of audit records of nodes that are gone",
                () -> services.checkpoints().cutLeftBehind(auditKept));
        tasks.every(
                KEY_UPKEEP,
                "key rotation policies",
                () -> services.keys().rotation().rotateDue(clock.instant()));
        tasks.every(
                KEY_UPKEEP,
                "purge of deleted keys",
                () -> services.keys().deleted().purgeDue(time.reached()));
        tasks.every(
                KEY_UPKEEP,
                "purge of deleted vaults",
                () -> services.deletedVaults().purgeDue(time.reached()));
    }
}
