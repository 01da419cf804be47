package dev.keyturn.core.host;

import java.util.Optional;

/**
 * What the machine is to be: its {@code vmSize} as the client wrote it, and whether its firmware boots signed code
 * alone.
 */
public record Hardware(Optional<String> size, boolean secureBoot) {
    public static final Hardware PLAIN = new Hardware(Optional.empty(), false);
}
