package dev.keyturn.server.identity;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The authorities under which tokens are issued: {@code https://<server>/<tenant>} (v1 and v2.0) and {@code
 * https://<server>/adfs}, for each name that the server has. A client compares the issuer with the address
 * it signed in at, so it is made from that address, if it is one of ours.
 */
public final class Issuers {
    static final String ADFS = "adfs";
    private final ServerNames names;
    private final String tenant;
    private final Set<String> accepted;

    public Issuers(ServerNames names, String tenant) {
        this.names = names;
        this.tenant = tenant;
        this.accepted = names.authorities().stream()
                .flatMap(a -> Set.of(base(a, ADFS), base(a, tenant) + "/", base(a, tenant) + "/v2.0").stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The server's address where nobody says by which of its names it is asked. */
    String home() {
        return names.url();
    }

    public String tenant() {
        return tenant;
    }

    boolean accepts(@org.jspecify.annotations.Nullable String issuer) {
        return issuer != null && accepted.contains(issuer);
    }

    /** Whether {@code segment}, the first of a path, is one of the authorities' names. */
    boolean isAuthority(String segment) {
        return segment.equalsIgnoreCase(ADFS)
                || segment.equalsIgnoreCase(tenant)
                || segment.equalsIgnoreCase("common")
                || segment.equalsIgnoreCase("organizations");
    }

    /** Whether this is the address of a token endpoint of ours, by any of its names. */
    boolean isTokenEndpoint(String url) {
        return names.authorities().stream().anyMatch(a -> {
            String server = "https://" + a + "/";
            if (!url.regionMatches(true, 0, server, 0, server.length())) {
                return accepted.contains(url);
            }
            String path = url.substring(server.length());
            int slash = path.indexOf('/');
            String rest = slash < 0 ? "" : path.substring(slash);
            return accepted.contains(url)
                    || (slash > 0
                            && isAuthority(path.substring(0, slash))
                            && (rest.equals("/oauth2/v2.0/token") || rest.equals("/oauth2/token")));
        });
    }

    /** {@code https://<server>/<authority>} as the client reached it. */
    String base(String requestAuthority, String segment) {
        return server(requestAuthority) + "/" + (segment.equalsIgnoreCase(ADFS) ? ADFS : tenant);
    }

    String issuer(String requestAuthority, String segment, boolean v2) {
        String base = base(requestAuthority, segment);
        return segment.equalsIgnoreCase(ADFS) ? base : v2 ? base + "/v2.0" : base + "/";
    }

    /** The server's address as the client knows it, where that is one of its names. */
    public String server(String requestAuthority) {
        return Optional.of(requestAuthority)
                .filter(names.authorities()::contains)
                .map(a -> "https://" + a)
                .orElseGet(names::url);
    }
}
