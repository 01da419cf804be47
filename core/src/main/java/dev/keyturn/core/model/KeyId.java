package dev.keyturn.core.model;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of one key version: {@code https://<vault host>/keys/<name>/<version>}. The authority keeps its port when it
 * has one, but two ids that differ in the port alone are the same key: clients drop it, and a server may move to
 * another. Host and key name compare without regard to case; the host is kept in lower case, the name as written.
 */
public record KeyId(String authority, String name, String version) {
    /** What a text must be to be read as one, for the end of a sentence. */
    public static final String FORM = "a key with its version, https://<vault host>/keys/<name>/<32 hex digits>";

    private static final String SCHEME = "https://";
    private static final String KEYS = "/keys/";
    private static final Pattern PATH = Pattern.compile("/+keys/+([0-9a-zA-Z-]{1,127})/+([0-9a-fA-F]{32})/*");

    public KeyId {
        authority = authority.toLowerCase(Locale.ROOT);
        version = version.toLowerCase(Locale.ROOT);
    }

    /** The key version that {@code url} names; empty when it is not a fully versioned https key url. */
    public static Optional<KeyId> parse(String url) {
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (!"https".equalsIgnoreCase(uri.getScheme())
                || uri.getHost() == null
                || uri.getRawPath() == null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawUserInfo() != null) {
            return Optional.empty();
        }
        Matcher m = PATH.matcher(uri.getRawPath());
        return m.matches() ? Optional.of(new KeyId(uri.getRawAuthority(), m.group(1), m.group(2))) : Optional.empty();
    }

    /**
     * The id that {@link #url} wrote.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static KeyId stored(String url) {
        int name = url.indexOf(KEYS) + KEYS.length();
        int version = url.indexOf('/', name) + 1;
        if (!url.startsWith(SCHEME) || name < SCHEME.length() + KEYS.length() || version == 0) {
            throw new IllegalArgumentException("not the URL of a key version: " + url);
        }
        return new KeyId(
                url.substring(SCHEME.length(), name - KEYS.length()),
                url.substring(name, version - 1),
                url.substring(version));
    }

    public String url() {
        return SCHEME + authority + path();
    }

    /** {@code /keys/NAME/VERSION}: where the key version is at its vault. */
    public String path() {
        return KEYS + name + "/" + version;
    }

    /** The vault's host, without a port. */
    public String host() {
        return Authority.host(authority);
    }

    /** The name of the vault or managed HSM: the first label of its host. */
    public String vault() {
        return Authority.labels(host(), 1);
    }

    /** What the id is compared and stored by: lower case throughout, without the port. */
    public String reference() {
        return SCHEME + host() + path().toLowerCase(Locale.ROOT);
    }

    /**
     * The reference with no more of the host than the vault's own name and kind: a server that was given another domain
     * has the same keys.
     */
    public String referenceInAnyDomain() {
        String host = host();
        String vault = Authority.labels(host, 2);
        return SCHEME + vault + (vault.equals(host) ? "" : ".") + path().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyId that && reference().equals(that.reference());
    }

    @Override
    public int hashCode() {
        return reference().hashCode();
    }

    @Override
    public String toString() {
        return url();
    }
}
