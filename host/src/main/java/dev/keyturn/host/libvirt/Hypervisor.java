package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.SecretBytes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.libvirt.Connect;
import org.libvirt.Domain;
import org.libvirt.DomainInfo;
import org.libvirt.Error;
import org.libvirt.LibvirtException;
import org.libvirt.Secret;
import org.libvirt.event.DomainEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One libvirt, connected when it is needed and again after it went away. Questions are answered within the patience or
 * refused as {@code Unavailable}; a {@link LibvirtRefusedException} is libvirt's own no. Thread-safe.
 */
final class Hypervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Hypervisor.class);
    /** QEMU has to come up in it; far more than it takes. */
    private static final Duration START = Duration.ofSeconds(90);

    private final URI uri;
    private final Duration patience;
    private final NativeCalls calls;
    private final Connection connection;

    /** A machine that is not stopped. */
    record Active(String name, DomainInfo.DomainState state) {}

    /** {@code connected} is called on every new connection, before the first call that needed it goes out. */
    Hypervisor(String host, URI uri, Duration patience, Runnable connected, BiConsumer<UUID, DomainEvent> onEvent) {
        this.uri = uri;
        this.patience = patience;
        this.calls = new NativeCalls(host);
        this.connection = new Connection(host, uri, connected, onEvent);
    }

    URI uri() {
        return uri;
    }

    Duration patience() {
        return patience;
    }

    Map<UUID, Active> active() {
        return ask(connect -> {
            Map<UUID, Active> active = new HashMap<>();
            for (Domain domain :
                    connect.listAllDomains(Connect.ConnectListAllDomainsFlags.CONNECT_LIST_DOMAINS_ACTIVE)) {
                try {
                    active.put(UUID.fromString(domain.getUUIDString()), describe(domain));
                } catch (LibvirtException e) {
                    if (!gone(e)) {
                        throw e;
                    }
                } finally {
                    domain.free();
                }
            }
            return active;
        });
    }

    /** The names of the machines that are not stopped and have a disk or variables in the file. */
    List<String> using(Path file) {
        return ask(connect -> {
            List<String> names = new ArrayList<>();
            for (Domain domain :
                    connect.listAllDomains(Connect.ConnectListAllDomainsFlags.CONNECT_LIST_DOMAINS_ACTIVE)) {
                try {
                    List<String> sources = XmlDocument.texts(domain.getXMLDesc(0), "/domain//source/@file");
                    if (sources.contains(file.toString())) {
                        names.add(domain.getName());
                    }
                } catch (LibvirtException e) {
                    if (!gone(e)) {
                        throw e;
                    }
                } finally {
                    domain.free();
                }
            }
            return names;
        });
    }

    Optional<Active> find(UUID id) {
        return ask(connect -> onDomain(connect, id, domain -> domain.isActive() == 1 ? describe(domain) : null));
    }

    /** What libvirt says the running machine is. */
    Optional<String> xml(UUID id) {
        return ask(connect -> onDomain(connect, id, domain -> domain.getXMLDesc(0)));
    }

    void create(String xml) {
        calls.within(
                START,
                () -> connection.use(connect -> {
                    connect.domainCreateXML(xml, 0).free();
                    return Boolean.TRUE;
                }));
    }

    /** Gives the running machine a device; nothing where the machine is gone. */
    void attach(UUID id, String device) {
        device(id, domain -> domain.attachDeviceFlags(device, Domain.DeviceModifyFlags.LIVE));
    }

    /** Asks the running machine for a device, which it may give up later; nothing where the machine is gone. */
    void detach(UUID id, String device) {
        device(id, domain -> domain.detachDeviceFlags(device, Domain.DeviceModifyFlags.LIVE));
    }

    private interface Change {
        void on(Domain domain) throws LibvirtException;
    }

    private void device(UUID id, Change change) {
        calls.within(
                START,
                () -> connection.use(connect -> onDomain(connect, id, domain -> {
                    change.on(domain);
                    return Boolean.TRUE;
                })));
    }

    /** Presses the power button; nothing where the machine is gone. */
    void askToShutDown(UUID id) {
        ask(connect -> onDomain(connect, id, domain -> {
            domain.shutdown();
            return Boolean.TRUE;
        }));
    }

    /** Pulls the plug; nothing where the machine is gone. */
    void destroy(UUID id) {
        try {
            calls.within(
                    START,
                    () -> connection.use(connect -> onDomain(connect, id, domain -> {
                        domain.destroy();
                        return Boolean.TRUE;
                    })));
        } catch (LibvirtRefusedException e) {
            throw calls.unavailable("does not end the machine: " + e.getMessage());
        }
    }

    void putSecret(String xml, SecretBytes value) {
        // The caller closes its own when it stops waiting, which may be earlier than this ends.
        SecretBytes mine = value.copy();
        ask(connect -> {
            Secret secret = connect.secretDefineXML(xml);
            try (mine) {
                return mine.reveal(bytes -> {
                    try {
                        return secret.setValue(bytes);
                    } catch (LibvirtException e) {
                        throw new LibvirtRefusedException(String.valueOf(e.getMessage()), e);
                    }
                });
            } finally {
                secret.free();
            }
        });
    }

    /** Forgets it; nothing where it is not there. */
    void dropSecret(UUID id) {
        ask(connect -> onSecret(connect, id.toString(), Secret::undefine));
    }

    /** The usage of every secret that is defined, by its id. */
    Map<UUID, String> secrets() {
        return ask(connect -> {
            Map<UUID, String> found = new HashMap<>();
            for (String id : connect.listSecrets()) {
                onSecret(connect, id, Secret::getUsageID).ifPresent(usage -> found.put(UUID.fromString(id), usage));
            }
            return found;
        });
    }

    /** The target directory of a storage pool, from its description. */
    String poolXml(String pool) {
        return ask(connect -> connect.storagePoolLookupByName(pool).getXMLDesc(0));
    }

    private <T> T ask(Connection.Use<T> question) {
        try {
            return calls.within(patience, () -> connection.use(question));
        } catch (LibvirtRefusedException e) {
            throw calls.unavailable("says: " + e.getMessage());
        }
    }

    private interface OnDomain<T> {
        @Nullable
        T apply(Domain domain) throws LibvirtException;
    }

    private interface OnSecret<T> {
        T apply(Secret secret) throws LibvirtException;
    }

    private static <T> Optional<T> onDomain(Connect connect, UUID id, OnDomain<T> use) throws LibvirtException {
        try {
            Domain domain = connect.domainLookupByUUID(id);
            try {
                return Optional.ofNullable(use.apply(domain));
            } finally {
                domain.free();
            }
        } catch (LibvirtException e) {
            if (gone(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static <T> Optional<T> onSecret(Connect connect, String id, OnSecret<T> use) throws LibvirtException {
        try {
            Secret secret = connect.secretLookupByUUIDString(id);
            try {
                return Optional.of(use.apply(secret));
            } finally {
                secret.free();
            }
        } catch (LibvirtException e) {
            if (e.getError().getCode() == Error.ErrorNumber.VIR_ERR_NO_SECRET) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Active describe(Domain domain) throws LibvirtException {
        return new Active(domain.getName(), domain.getInfo().state);
    }

    private static boolean gone(LibvirtException e) {
        Error.ErrorNumber code = e.getError().getCode();
        return code == Error.ErrorNumber.VIR_ERR_NO_DOMAIN || code == Error.ErrorNumber.VIR_ERR_OPERATION_INVALID;
    }

    /** Within the patience, also where libvirt hangs. */
    @Override
    public void close() {
        try {
            calls.within(patience, () -> {
                connection.close();
                return Boolean.TRUE;
            });
        } catch (DomainException e) {
            LOG.warn("the connection to {} is not closed in good order: {}", uri, e.getMessage());
        }
        calls.close();
    }
}
