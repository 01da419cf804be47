package dev.keyturn.core.installation;

import dev.keyturn.core.audit.AuditReader;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;

/**
 * The records of who did what, for callers that may see them. Each method refuses as {@code Forbidden} first, before
 * anything is known of what is asked for. Thread-safe.
 */
public final class AuditTrail {
    private final AuditReader reader;
    private final Doors doors;
    private final Scope subscription;

    public AuditTrail(AuditReader reader, Doors doors, Scope subscription) {
        this.reader = reader;
        this.doors = doors;
        this.subscription = subscription;
    }

    /** Every record as it is stored, and the chains. */
    public AuditReader records(Call call) {
        doors.require(call, Action.AUDIT_READ, subscription);
        return reader;
    }

    /** What was done to resources: to be asked for without uses of keys. */
    public AuditReader activity(Call call) {
        doors.require(call, Action.ACTIVITY_LOG_READ, subscription);
        return reader;
    }
}
