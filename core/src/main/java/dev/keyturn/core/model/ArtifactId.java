package dev.keyturn.core.model;

/** The number of an artifact; never used twice. */
public record ArtifactId(long value) implements Comparable<ArtifactId> {
    @Override
    public int compareTo(ArtifactId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
