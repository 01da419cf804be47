package dev.keyturn.core.envelope;

import java.util.UUID;

/** The id of a set key; part of the associated data of every envelope under it. */
public record SetKeyId(UUID value) {
    public static SetKeyId of(String text) {
        return new SetKeyId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
