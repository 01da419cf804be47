package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Storage pools, as far as a host's images may be in one: directories that this machine sees under the same path. */
final class Pools {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private Pools() {}

    static Path directory(URI uri, String pool, String host) throws HostUnusableException {
        try (Hypervisor hypervisor = new Hypervisor(host, uri, PATIENCE, () -> {}, (_, _) -> {})) {
            String xml = hypervisor.poolXml(pool);
            String type = XmlDocument.text(xml, "/pool/@type");
            String path = XmlDocument.text(xml, "/pool/target/path");
            if (!List.of("dir", "fs", "netfs").contains(type) || path.isEmpty()) {
                throw unusable(
                        host, pool, "is of type '" + type + "'; images are kept in one of type dir, fs or netfs");
            }
            return Path.of(path);
        } catch (LibvirtRefusedException | DomainException e) {
            throw unusable(host, pool, "cannot be looked at: " + e.getMessage());
        }
    }

    private static HostUnusableException unusable(String host, String pool, String what) {
        return new HostUnusableException(List.of("Host '" + host + "': the storage pool '" + pool + "' " + what + "."));
    }
}
