package dev.keyturn.server.identity;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Under which names this server is reached: the domain, the wildcard domains of vaults and managed HSMs, the loopback
 * names. Host names are in lower case and without a port; an authority has the port unless it is 443.
 */
public record ServerNames(String domain, int port) {
    public ServerNames {
        domain = domain.toLowerCase(Locale.ROOT);
    }

    /**
     * Where clients are told to find the server: {@code https://localhost:PORT} for a domain below {@code .localhost},
     * which not every resolver knows, else {@code https://DOMAIN:PORT}.
     */
    public String url() {
        return "https://" + authority(domain.endsWith(".localhost") ? "localhost" : domain);
    }

    /** With leading dot and port, as a client's settings want it: {@code .vault.DOMAIN:PORT}. */
    public String vaultSuffix() {
        return "." + authority("vault." + domain);
    }

    public String hsmSuffix() {
        return "." + authority("managedhsm." + domain);
    }

    /** The audience of tokens for all vaults, also what the challenge names as the resource. */
    public String vaultResource() {
        return "https://" + vaultSuffix().substring(1);
    }

    public String hsmResource() {
        return "https://" + hsmSuffix().substring(1);
    }

    /** The vault whose host this is. */
    public Optional<String> vaultAt(String host) {
        return label(host, ".vault." + domain);
    }

    /** The managed HSM whose host this is. */
    public Optional<String> hsmAt(String host) {
        return label(host, ".managedhsm." + domain);
    }

    /** The authorities of the main surface. */
    public List<String> authorities() {
        return Stream.of(domain, "localhost", "127.0.0.1", "[::1]")
                .distinct()
                .map(this::authority)
                .toList();
    }

    private String authority(String host) {
        return port == 443 ? host : host + ":" + port;
    }

    private static Optional<String> label(String host, String suffix) {
        if (!host.endsWith(suffix)) {
            return Optional.empty();
        }
        String label = host.substring(0, host.length() - suffix.length());
        return label.isEmpty() || label.contains(".") ? Optional.empty() : Optional.of(label);
    }
}
