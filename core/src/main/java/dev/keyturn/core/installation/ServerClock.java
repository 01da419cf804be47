package dev.keyturn.core.installation;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.time.SeenTime;
import java.time.Instant;

/**
 * What the clock says and how much time was seen to pass, and an administrator's word that the clock is right
 * (docs/clock.md). Every method refuses as {@code Forbidden} first. Thread-safe.
 */
public final class ServerClock {
    private final SeenTime time;
    private final Doors doors;
    private final Scope subscription;

    public ServerClock(SeenTime time, Doors doors, Scope subscription) {
        this.time = time;
        this.doors = doors;
        this.subscription = subscription;
    }

    public SeenTime.Status status(Call call) {
        doors.require(call, Action.CLOCK_READ, subscription);
        return time.status();
    }

    /** Refuses a caller that may not confirm the clock: before a body is read. */
    public void requireConfirm(Call call) {
        doors.require(call, Action.CLOCK_CONFIRM, subscription);
    }

    /**
     * Believes the clock.
     *
     * @param stated what time it is by the administrator's own clock
     * @throws dev.keyturn.core.model.DomainException {@code Conflict} where the clock says another time
     */
    public SeenTime.Status confirm(Call call, Instant stated) {
        Instant confirmed = doors.act(
                call,
                Action.CLOCK_CONFIRM,
                subscription,
                permit -> permit.on(stated.toString()).write(tx -> time.confirm(tx, stated)));
        return time.believe(confirmed, call.caller().name());
    }
}
