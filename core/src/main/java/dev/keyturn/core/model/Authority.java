package dev.keyturn.core.model;

/** Takes apart {@code HOST[:PORT]}, where the host may be an IPv6 address in brackets. */
public final class Authority {
    private Authority() {}

    /** The host without the port. */
    public static String host(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
    }

    /** The first labels of a host name; all of it where it has no more. */
    static String labels(String host, int count) {
        int end = -1;
        for (int i = 0; i < count; i++) {
            end = host.indexOf('.', end + 1);
            if (end < 0) {
                return host;
            }
        }
        return host.substring(0, end);
    }
}
