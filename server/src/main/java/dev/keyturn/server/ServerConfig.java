package dev.keyturn.server;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a server is started. Whatever is wrong with it is found by {@link KeyturnServer#start}, all at once.
 *
 * @param data the data directory, made where there is none
 * @param listen the address to listen on; loopback unless somebody says otherwise
 * @param port 0 takes any free one
 * @param domain the server's domain; vaults are below {@code vault.DOMAIN}, HSMs below {@code managedhsm.DOMAIN}
 * @param database {@code embedded}
 * @param host {@code simulated}
 * @param keyLossGrace how long running VMs outlive their key, zero or more
 * @param drain how long stopping waits for requests and operations under way
 * @param clock what all of the server takes for the time
 */
public record ServerConfig(
        Path data,
        InetAddress listen,
        int port,
        String domain,
        String database,
        String host,
        Duration keyLossGrace,
        Duration drain,
        Clock clock) {

    public static final String DEFAULT_DOMAIN = "keyturn.localhost";

    /** Loopback, port 8443, the embedded database, the simulated host. */
    public static ServerConfig in(Path data) {
        return new ServerConfig(
                data,
                InetAddress.getLoopbackAddress(),
                8443,
                DEFAULT_DOMAIN,
                "embedded",
                "simulated",
                Duration.ofHours(1),
                Duration.ofSeconds(10),
                Clock.systemUTC());
    }

    public ServerConfig withListen(InetAddress address) {
        return new ServerConfig(data, address, port, domain, database, host, keyLossGrace, drain, clock);
    }

    public ServerConfig withPort(int value) {
        return new ServerConfig(data, listen, value, domain, database, host, keyLossGrace, drain, clock);
    }

    public ServerConfig withDomain(String value) {
        return new ServerConfig(data, listen, port, value, database, host, keyLossGrace, drain, clock);
    }

    public ServerConfig withDatabase(String value) {
        return new ServerConfig(data, listen, port, domain, value, host, keyLossGrace, drain, clock);
    }

    public ServerConfig withHost(String value) {
        return new ServerConfig(data, listen, port, domain, database, value, keyLossGrace, drain, clock);
    }

    public ServerConfig withKeyLossGrace(Duration value) {
        return new ServerConfig(data, listen, port, domain, database, host, value, drain, clock);
    }

    public ServerConfig withDrain(Duration value) {
        return new ServerConfig(data, listen, port, domain, database, host, keyLossGrace, value, clock);
    }

    public ServerConfig withClock(Clock value) {
        return new ServerConfig(data, listen, port, domain, database, host, keyLossGrace, drain, value);
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
        if (!database.equals("embedded")) {
            out.add("The database must be 'embedded', not '" + database + "'.");
        }
        if (!host.equals("simulated")) {
            out.add("The host must be 'simulated', not '" + host + "'.");
        }
        if (keyLossGrace.isNegative()) {
            out.add("The grace of running VMs without their key must not be negative.");
        }
        if (drain.isNegative()) {
            out.add("The time to drain must not be negative.");
        }
        return out;
    }
}
