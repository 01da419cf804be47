package dev.keyturn.core.identity;

import java.util.Arrays;
import java.util.Optional;

/** What kind of somebody holds a role: {@code principalType} of a role assignment (Microsoft.Authorization 2022-04-01). */
public enum HolderKind {
    SERVICE_PRINCIPAL("ServicePrincipal"),
    USER("User"),
    GROUP("Group"),
    FOREIGN_GROUP("ForeignGroup"),
    DEVICE("Device");

    private final String wire;

    HolderKind(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** In any case of letters. */
    public static Optional<HolderKind> named(String wire) {
        return Arrays.stream(values())
                .filter(k -> k.wire.equalsIgnoreCase(wire))
                .findFirst();
    }
}
