package dev.keyturn.core.host;

/**
 * What a host says of itself. {@code label} is shown wherever one of its VMs is, for example "simulated host: no real
 * machine runs" or "encrypted at rest, no memory encryption on this host".
 */
public record HostInfo(String name, Kind kind, String label) {
    public enum Kind {
        SIMULATED,
        LIBVIRT
    }
}
