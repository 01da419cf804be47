package dev.keyturn.server.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * For whom tokens are issued and accepted. Fixed by the server's names, never by what a request
 * says its host is: otherwise a vault's token, sent with a made-up Host header, would pass for one of ARM.
 */
public final class Audiences {
    private final Set<String> arm =
            new HashSet<>(Set.of("https://management.azure.com", "https://management.core.windows.net"));
    private final Set<String> graph = new HashSet<>();
    private final Set<String> vaults;
    private final Set<String> hsms;

    public Audiences(ServerNames names) {
        for (String authority : names.authorities()) {
            arm.add("https://" + authority);
            arm.add("https://" + authority + "/arm");
            graph.add("https://" + authority);
            graph.add("https://" + authority + "/graph");
        }
        vaults = Set.copyOf(List.of(names.vaultResource(), "https://vault." + names.domain())); // the same at port 443
        hsms = Set.copyOf(List.of(names.hsmResource(), "https://managedhsm." + names.domain()));
    }

    /** All of these take an audience as {@link Authentication} hands it over: lower case, no trailing slash. */
    public boolean arm(String audience) {
        return arm.contains(audience);
    }

    public boolean graph(String audience) {
        return graph.contains(audience);
    }

    public boolean vaults(String audience) {
        return vaults.contains(audience);
    }

    public boolean hsms(String audience) {
        return hsms.contains(audience);
    }

    /** The audience of a token that is asked for, {@code /.default} and the like taken off; empty if unknown here. */
    Optional<String> requested(String scopeOrResource) {
        String text = scopeOrResource.strip();
        for (String permission : List.of("/.default", "/user_impersonation")) {
            if (text.endsWith(permission)) {
                text = text.substring(0, text.length() - permission.length());
            }
        }
        String audience = text;
        String plain = plain(audience);
        return arm(plain) || graph(plain) || vaults(plain) || hsms(plain) ? Optional.of(audience) : Optional.empty();
    }

    static String plain(String audience) {
        String out = audience.toLowerCase(Locale.ROOT);
        while (out.endsWith("/")) {
            out = out.substring(0, out.length() - 1);
        }
        return out;
    }
}
