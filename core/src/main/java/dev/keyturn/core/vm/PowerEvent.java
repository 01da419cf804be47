package dev.keyturn.core.vm;

/** What happens to a VM's power; the columns of {@link PowerTable}. */
public enum PowerEvent {
    START_ASKED("started"),
    HOST_STARTED("reported started"),
    START_FAILED("reported as failed to start"),
    POWER_OFF_ASKED("powered off"),
    DEALLOCATE_ASKED("deallocated"),
    RESTART_ASKED("restarted"),
    /** The host stopped it and starts it again at once: the middle of a restart. */
    RESTART_STOPPED("reported stopped for its restart"),
    HOST_STOPPED("reported stopped"),
    STOP_FAILED("reported as failed to stop"),
    /** Found running although nobody asked this server for it. */
    HOST_SAYS_RUNNING("found running"),
    /** Found stopped although nobody asked this server for it: a shutdown inside the guest. */
    HOST_SAYS_STOPPED("found stopped");

    private final String verb;

    PowerEvent(String verb) {
        this.verb = verb;
    }

    /** As in "cannot be <em>started</em>". */
    String verb() {
        return verb;
    }
}
