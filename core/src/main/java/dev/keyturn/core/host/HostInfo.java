package dev.keyturn.core.host;

/**
 * What a host says of itself. Immutable.
 *
 * @param kind a word for people; nothing is decided by it
 * @param label shown wherever one of its VMs is, for example "encrypted at rest, no memory encryption on this host"
 * @param can what is decided by
 */
public record HostInfo(String name, String kind, String label, HostCapabilities can) {
    /** A host of which nothing more is known: {@link HostCapabilities#CAREFUL}. */
    public HostInfo(String name, String kind, String label) {
        this(name, kind, label, HostCapabilities.CAREFUL);
    }
}
