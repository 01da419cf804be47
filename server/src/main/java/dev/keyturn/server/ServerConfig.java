package dev.keyturn.server;

import dev.keyturn.node.HostSpec;
import dev.keyturn.server.database.DatabaseChoice;
import dev.keyturn.server.identity.outside.ProviderOptions;
import dev.keyturn.server.limits.Limits;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * How a server is started. Whatever is wrong with it is found by {@link KeyturnServer#start}, all at once.
 *
 * @param data the data directory, made where there is none
 * @param listen the address to listen on; loopback unless somebody says otherwise
 * @param port 0 takes any free one
 * @param domain the server's domain; vaults are below {@code vault.DOMAIN}, HSMs below {@code managedhsm.DOMAIN}
 * @param publicPort where clients find the server, if that is not the port that it listens on
 * @param database where it keeps what it knows
 * @param hosts where VMs run, at least one
 * @param images where the operator's image files are
 * @param requireConfidentialHardware whether VMs on hosts that cannot encrypt their memory are refused to start
 * @param keyLossGrace how long running VMs outlive their key, zero or more
 * @param shutdownLimit how long a guest has to shut down before the plug is pulled
 * @param drain how long stopping waits for requests and operations under way
 * @param limits what callers together and each may use up
 * @param provider where people sign in instead of here
 * @param clock what all of the server takes for the time
 */
public record ServerConfig(
        Path data,
        InetAddress listen,
        int port,
        String domain,
        OptionalInt publicPort,
        DatabaseChoice database,
        List<HostSpec> hosts,
        Path images,
        boolean requireConfidentialHardware,
        Duration keyLossGrace,
        Duration shutdownLimit,
        Duration drain,
        Limits limits,
        ProviderOptions provider,
        Clock clock) {

    public ServerConfig {
        hosts = List.copyOf(hosts);
    }

    public static final String DEFAULT_DOMAIN = "keyturn.localhost";

    /** Loopback, port 8443, the embedded database, the simulated host. */
    public static ServerConfig in(Path data) {
        return new ServerConfig(
                data,
                InetAddress.getLoopbackAddress(),
                8443,
                DEFAULT_DOMAIN,
                OptionalInt.empty(),
                new DatabaseChoice.Embedded(),
                List.of(new HostSpec.Simulated("simulated")),
                data.resolve("images"),
                false,
                Duration.ofHours(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                Limits.defaults(),
                ProviderOptions.NONE,
                Clock.systemUTC());
    }

    public ServerConfig withListen(InetAddress value) {
        return with(draft -> draft.listen = value);
    }

    public ServerConfig withPort(int value) {
        return with(draft -> draft.port = value);
    }

    public ServerConfig withDomain(String value) {
        return with(draft -> draft.domain = value);
    }

    public ServerConfig withPublicPort(int value) {
        return with(draft -> draft.publicPort = OptionalInt.of(value));
    }

    public ServerConfig withDatabase(DatabaseChoice value) {
        return with(draft -> draft.database = value);
    }

    public ServerConfig withHosts(List<HostSpec> value) {
        return with(draft -> draft.hosts = value);
    }

    public ServerConfig withImages(Path value) {
        return with(draft -> draft.images = value);
    }

    public ServerConfig withRequireConfidentialHardware(boolean value) {
        return with(draft -> draft.requireConfidentialHardware = value);
    }

    public ServerConfig withKeyLossGrace(Duration value) {
        return with(draft -> draft.keyLossGrace = value);
    }

    public ServerConfig withShutdownLimit(Duration value) {
        return with(draft -> draft.shutdownLimit = value);
    }

    public ServerConfig withDrain(Duration value) {
        return with(draft -> draft.drain = value);
    }

    public ServerConfig withLimits(Limits value) {
        return with(draft -> draft.limits = value);
    }

    public ServerConfig withProvider(ProviderOptions value) {
        return with(draft -> draft.provider = value);
    }

    public ServerConfig withClock(Clock value) {
        return with(draft -> draft.clock = value);
    }

    private ServerConfig with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.config();
    }

    /** Everything that is wrong, one line each; empty where nothing is. */
    public List<String> problems() {
        List<String> out = new ArrayList<>();
        if (port < 0 || port > 65535) {
            out.add("The port must be between 0 (any free one) and 65535, not " + port + ".");
        }
        if (!domain.toLowerCase(Locale.ROOT)
                        .matches("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
                || domain.length() > 200) {
            out.add("The domain must be a host name such as keyturn.localhost, not '" + domain + "'.");
        }
        publicPort.stream().filter(p -> p < 1 || p > 65535).forEach(p -> {
            out.add("The public port must be between 1 and 65535, not " + p + ".");
        });
        if (hosts.isEmpty()) {
            out.add("A server needs at least one host.");
        }
        if (hosts.stream().map(HostSpec::name).distinct().count() < hosts.size()) {
            out.add("Hosts must have names that differ: "
                    + String.join(", ", hosts.stream().map(HostSpec::name).toList()) + ".");
        }
        if (hosts.stream().filter(h -> h instanceof HostSpec.Simulated).count() > 1) {
            out.add("There can be one simulated host only.");
        }
        if (requireConfidentialHardware && hosts.stream().anyMatch(h -> h instanceof HostSpec.Simulated)) {
            out.add("Confidential hardware cannot be required of the simulated host; use a libvirt host.");
        }
        if (keyLossGrace.isNegative()) {
            out.add("The grace of running VMs without their key must not be negative.");
        }
        if (shutdownLimit.isNegative()) {
            out.add("The time that guests have to shut down must not be negative.");
        }
        if (drain.isNegative()) {
            out.add("The time to drain must not be negative.");
        }
        out.addAll(limits.problems());
        return out;
    }

    /** The parts of a configuration while one of them is changed. */
    private static final class Draft {
        private final Path data;
        private InetAddress listen;
        private int port;
        private String domain;
        private OptionalInt publicPort;
        private DatabaseChoice database;
        private List<HostSpec> hosts;
        private Path images;
        private boolean requireConfidentialHardware;
        private Duration keyLossGrace;
        private Duration shutdownLimit;
        private Duration drain;
        private Limits limits;
        private ProviderOptions provider;
        private Clock clock;

        Draft(ServerConfig from) {
            data = from.data;
            listen = from.listen;
            port = from.port;
            domain = from.domain;
            publicPort = from.publicPort;
            database = from.database;
            hosts = from.hosts;
            images = from.images;
            requireConfidentialHardware = from.requireConfidentialHardware;
            keyLossGrace = from.keyLossGrace;
            shutdownLimit = from.shutdownLimit;
            drain = from.drain;
            limits = from.limits;
            provider = from.provider;
            clock = from.clock;
        }

        ServerConfig config() {
            return new ServerConfig(
                    data,
                    listen,
                    port,
                    domain,
                    publicPort,
                    database,
                    hosts,
                    images,
                    requireConfidentialHardware,
                    keyLossGrace,
                    shutdownLimit,
                    drain,
                    limits,
                    provider,
                    clock);
        }
    }
}
