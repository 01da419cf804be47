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

    public String url() {
        return "https://" + authority + "/keys/" + name + "/" + version;
    }

    /** What the id is compared and stored by: lower case throughout, without the port. */
    public String reference() {
        int port = authority.lastIndexOf(':');
        String host = port > authority.lastIndexOf(']') ? authority.substring(0, port) : authority;
        return "https://" + host + "/keys/" + name.toLowerCase(Locale.ROOT) + "/" + version;
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
