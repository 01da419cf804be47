package dev.keyturn.core.host;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A file, or a directory that counts as one, that a host keeps.
 *
 * @param owner the VM's or the disk's unique id, which its name says; empty where the name is none that the host gives
 * @param bytes of a directory 0
 * @param changed when it was last written to
 */
public record HostFile(String path, Kind kind, Optional<UUID> owner, long bytes, Instant changed) {
    public enum Kind {
        DISK("Disk"),
        GUEST_STATE("GuestState"),
        /** Something that is being made, or whose making was cut off. */
        UNFINISHED("Unfinished"),
        UNKNOWN("Unknown");

        private final String wire;

        Kind(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
