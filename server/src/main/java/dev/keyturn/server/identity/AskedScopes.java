package dev.keyturn.server.identity;

import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.PublicClient;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what a client asks for: {@code scope} with one resource of this server and the scopes of OpenID Connect, or {@code
 * resource} of the endpoints without v2.0. Azure Resource Manager where no resource is named.
 */
record AskedScopes(Audiences audiences, String arm) {
    /** What is asked for, or what is wrong with it. */
    record Read(Optional<Asked> asked, String error, int code, String problem) {
        private static Read wrong(String error, int code, String problem) {
            return new Read(Optional.empty(), error, code, problem);
        }
    }

    Read read(PublicClient client, Map<String, String> form) {
        String scope = form.getOrDefault("scope", "").strip();
        String resource = form.getOrDefault("resource", "").strip();
        if (scope.length() > Asked.LONGEST || resource.length() > Asked.LONGEST) {
            return Read.wrong("invalid_scope", 70011, "The scope has more than " + Asked.LONGEST + " characters.");
        }
        List<String> resources = Arrays.stream((scope + " " + resource).split("\\s+"))
                .filter(s -> !s.isEmpty() && !Asked.OPENID.contains(s))
                .toList();
        for (String wanted : resources) {
            if (audiences.requested(wanted).isEmpty()) {
                return Read.wrong(
                        "invalid_scope",
                        500011,
                        "The resource principal named '" + OAuthErrors.shortened(wanted)
                                + "' was not found in the tenant.");
            }
        }
        List<String> audience = resources.stream()
                .flatMap(r -> audiences.requested(r).stream())
                .distinct()
                .toList();
        if (audience.size() > 1) {
            return Read.wrong(
                    "invalid_scope", 28000, "One token is for one resource; asked for are " + audience.size() + ".");
        }
        return new Read(
                Optional.of(new Asked(client, audience.stream().findFirst().orElse(arm), scope)), "", 0, "");
    }
}
