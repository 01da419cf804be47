package dev.keyturn.core.installation;

import dev.keyturn.core.artifact.UnclaimedFiles;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;

/** Files on hosts that no VM and no disk has, for callers that may see them. Thread-safe. */
public final class HostFiles {
    private final UnclaimedFiles files;
    private final Doors doors;
    private final Scope subscription;

    public HostFiles(UnclaimedFiles files, Doors doors, Scope subscription) {
        this.files = files;
        this.doors = doors;
        this.subscription = subscription;
    }

    /** As {@link UnclaimedFiles#look}; refuses as {@code Forbidden} first. */
    public UnclaimedFiles.Found look(Call call) {
        doors.require(call, Action.HOST_FILES_READ, subscription);
        return files.look();
    }
}
