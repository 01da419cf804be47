package dev.keyturn.core.image;

import java.util.Arrays;
import java.util.Optional;

/** Which operating system an OS disk has. */
public enum OsType {
    LINUX("Linux"),
    WINDOWS("Windows");

    private final String wire;

    OsType(String wire) {
        this.wire = wire;
    }

    /** As Azure writes it. */
    public String wire() {
        return wire;
    }

    public static Optional<OsType> parse(String text) {
        return Arrays.stream(values())
                .filter(t -> t.wire.equalsIgnoreCase(text))
                .findFirst();
    }
}
