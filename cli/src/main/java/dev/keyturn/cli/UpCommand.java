package dev.keyturn.cli;

import ch.qos.logback.classic.Level;
import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.json.Json;
import dev.keyturn.node.HostSpec;
import dev.keyturn.server.KeyturnServer;
import dev.keyturn.server.ServerConfig;
import dev.keyturn.server.StartupException;
import dev.keyturn.server.identity.outside.ProviderOptions;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the server in the foreground. The first start makes what it needs in the data directory and writes",
            "DIR/client.env there, which a shell can source. One line on standard output says that it is ready;",
            "SIGTERM or Ctrl-C drains and stops it."
        })
final class UpCommand implements Callable<Integer> {
    @Mixin
    private DataOption data = new DataOption();

    @Mixin
    private OutputOption output = new OutputOption();

    @Option(names = "--port", paramLabel = "N", description = "Port (default: 8443; 0: any free one).")
    private Optional<String> port = Optional.empty();

    @Option(
            names = "--listen",
            paramLabel = "IP",
            description = "Address to listen on (default: the loopback address).")
    private Optional<String> listen = Optional.empty();

    @Option(
            names = "--domain",
            paramLabel = "NAME",
            description = "Vaults are at VAULT.vault.NAME, managed HSMs at HSM.managedhsm.NAME (default: "
                    + ServerConfig.DEFAULT_DOMAIN + ").")
    private Optional<String> domain = Optional.empty();

    @Option(
            names = "--public-port",
            paramLabel = "N",
            description = "Port in the addresses that clients are told, where it is not the one of --port.")
    private Optional<String> publicPort = Optional.empty();

    @Mixin
    private DatabaseMixin database = new DatabaseMixin();

    @Option(
            names = "--host",
            paramLabel = "HOST",
            description = {
                "Where VMs run; may be given several times. simulated (default): no real machine runs, for rehearsals and",
                "tests. libvirt: real machines, on this machine's libvirt (qemu:///system), their encrypted images in",
                "/var/lib/keyturn/storage. Several: " + HostSpec.SYNTAX + "."
            })
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description =
                    "The operator's image files, from which OS disks are filled (default: images in the data directory).")
    private Optional<String> images = Optional.empty();

    @Option(
            names = "--require-confidential-hardware",
            description = "Refuse to start VMs on a host that offers neither SEV-SNP nor TDX.")
    private boolean requireConfidentialHardware;

    @Option(
            names = "--key-loss-grace",
            paramLabel = "SECONDS",
            description = "How long VMs go on running after their key was lost (default: 3600).")
    private Optional<String> grace = Optional.empty();

    @Option(
            names = "--shutdown-limit",
            paramLabel = "SECONDS",
            description = "How long a guest has to shut down before the plug is pulled (default: 60).")
    private Optional<String> shutdownLimit = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description = "What callers may use up, as docs/limits.md lists it; may be given several times.")
    private List<String> limits = new ArrayList<>();

    @Option(
            names = "--oidc-issuer",
            paramLabel = "URL",
            description = "The OpenID provider that signs people in instead of this server; needs --oidc-config.")
    private Optional<String> oidcIssuer = Optional.empty();

    @Option(
            names = "--oidc-config",
            paramLabel = "FILE",
            description = "Who is let in from there, and what its groups are here, as docs/portal.md says it.")
    private Optional<String> oidcConfig = Optional.empty();

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warn (default), info or debug; the log goes to standard error.")
    private String logLevel = "warn";

    @Option(names = "--log-format", paramLabel = "plain|json", description = "How log lines look (default: plain).")
    private Logging.Format logFormat = Logging.Format.plain;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        List<String> wrong = new ArrayList<>();
        ServerConfig config = config(wrong);
        if (!wrong.isEmpty()) {
            wrong.addAll(config.problems());
            wrong.addAll(config.provider().problems());
            throw new CliException(CliException.USAGE, wrong);
        }
        Logging.choose(Level.toLevel(logLevel), logFormat);
        KeyturnServer server;
        try {
            server = KeyturnServer.start(config);
        } catch (StartupException e) {
            CliException told = new CliException(CliException.USAGE, e.reasons());
            told.initCause(e);
            throw told;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "drain"));
        } catch (IllegalStateException e) {
            server.close(); // a signal came while it started
            return 0;
        }
        CoreDumps.warning().ifPresent(w -> spec.commandLine().getErr().println("keyturn: " + w));
        tell(server);
        server.firstPerson().ifPresent(way -> tellFirst(server, way));
        new CountDownLatch(1).await(); // a signal ends the process, and the hook above drains the server
        return 0;
    }

    private void tell(KeyturnServer server) {
        PrintWriter out = spec.commandLine().getOut();
        List<HostInfo> running = server.hosts();
        String at = data.directory().toString();
        out.println(
                output.json()
                        ? Json.text(Json.object()
                                .put("event", "ready")
                                .put("url", server.url())
                                .put("data", at)
                                .put("clientEnv", server.clientEnv().toString())
                                .put(
                                        "host",
                                        String.join(
                                                ",",
                                                running.stream()
                                                        .map(HostInfo::name)
                                                        .toList()))
                                .put("label", label(running)))
                        : "keyturn is ready at " + server.url() + " (data " + at + "; " + label(running) + ")");
        out.flush();
    }

    /** The one time that it is told. */
    private void tellFirst(KeyturnServer server, FirstPerson.Way way) {
        PrintWriter out = spec.commandLine().getOut();
        String link = server.url() + "/portal/welcome?link=" + way.link();
        if (output.json()) {
            ObjectNode told = Json.object()
                    .put("event", "firstPerson")
                    .put("name", way.name())
                    .put("link", link);
            out.println(Json.text(oidcIssuer.isPresent() ? told : told.put("password", way.password())));
        } else {
            out.println("Sign in to the portal, once within 24 hours: " + link);
            out.println(
                    oidcIssuer.isPresent()
                            ? "  That is for emergencies: people sign in at " + oidcIssuer.get() + "."
                            : "  or at " + server.url() + "/portal as " + way.name() + " with the password "
                                    + way.password() + ", to be changed then.");
            out.println("  Lost? ./keyturn admin reset-password");
        }
        out.flush();
    }

    private static String label(List<HostInfo> hosts) {
        return String.join(
                "; ",
                hosts.stream()
                        .map(h -> h.label().startsWith(h.kind())
                                ? h.label()
                                : h.kind() + " host '" + h.name() + "': " + h.label())
                        .toList());
    }

    private ServerConfig config(List<String> wrong) {
        ServerConfig config = ServerConfig.in(data.directory());
        config = with(config, number("--port", port, wrong), n -> c -> c.withPort(n));
        config = with(
                config, number("--key-loss-grace", grace, wrong), n -> c -> c.withKeyLossGrace(Duration.ofSeconds(n)));
        config = with(
                config,
                number("--shutdown-limit", shutdownLimit, wrong),
                n -> c -> c.withShutdownLimit(Duration.ofSeconds(n)));
        config = with(config, listen.flatMap(l -> address(l, wrong)), a -> c -> c.withListen(a));
        config = with(config, domain, d -> c -> c.withDomain(d));
        config = with(config, number("--public-port", publicPort, wrong), n -> c -> c.withPublicPort(n));
        config = config.withDatabase(database.choice(wrong));
        if (!List.of("error", "warn", "info", "debug").contains(logLevel)) {
            wrong.add("--log-level must be error, warn, info or debug, not '" + logLevel + "'");
        }
        config = config.withProvider(new ProviderOptions(oidcIssuer, oidcConfig.map(Path::of)));
        config = config.withLimits(config.limits().with(limits, wrong));
        config = with(config, images, d -> c -> c.withImages(Path.of(d)));
        List<HostSpec> specs =
                hosts.stream().flatMap(h -> HostSpec.parse(h, wrong).stream()).toList();
        return (specs.isEmpty() ? config : config.withHosts(specs))
                .withRequireConfidentialHardware(requireConfidentialHardware);
    }

    private static <T> ServerConfig with(
            ServerConfig config, Optional<T> value, Function<T, Function<ServerConfig, ServerConfig>> change) {
        return value.map(v -> change.apply(v).apply(config)).orElse(config);
    }

    private static Optional<Integer> number(String option, Optional<String> text, List<String> wrong) {
        try {
            return text.map(Integer::valueOf);
        } catch (NumberFormatException e) {
            wrong.add(option + " must be a whole number, not '" + text.orElse("") + "'");
            return Optional.empty();
        }
    }

    private static Optional<InetAddress> address(String text, List<String> wrong) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            wrong.add("--listen must be an IP address, not '" + text + "'");
            return Optional.empty();
        }
    }
}
