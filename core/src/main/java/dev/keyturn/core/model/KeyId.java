package dev.keyturn.core.model;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of one key version: {@code https://<vault host>/keys/<name>/<version>}. The authority keeps its port when it
 * has one. Host and key name compare without regard to case; both are kept in lower case for the host and as written
 * for the name.
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

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyId that
                && authority.equals(that.authority)
                && name.equalsIgnoreCase(that.name)
                && version.equals(that.version);
    }

    @Override
    public int hashCode() {
        return authority.hashCode() * 31 + version.hashCode();
    }

    @Override
    public String toString() {
        return url();
    }
}
