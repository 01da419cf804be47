package dev.keyturn.server.identity;

import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.PublicClient;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client that opened a browser for a person to sign in (RFC 6749, 4.1). Client and redirect are known and right, so the
 * answer may go there: a program on the person's own machine.
 *
 * @param problem what is wrong with the rest, to be told to the client; then nothing of it can be allowed
 * @param fresh the person must sign in after the request
 * @param askedAt when the request arrived, by the server's own time, where it wants that; empty where this server has not
 *     said so itself
 */
public record BrowserRequest(
        PublicClient client,
        URI redirect,
        Mode mode,
        Optional<String> state,
        Optional<Problem> problem,
        Optional<Asked> asked,
        String challenge,
        Optional<String> nonce,
        Optional<String> hint,
        boolean fresh,
        Optional<Instant> askedAt,
        boolean silent) {
    /** How the answer gets to the client. */
    public enum Mode {
        QUERY,
        FRAGMENT,
        FORM_POST
    }

    /** An error of RFC 6749, 4.1.2.1, or of OpenID Connect Core, 3.1.2.6. */
    public record Problem(String error, String description) {}

    /** The person does not want it. */
    public static final Problem DENIED =
            new Problem("access_denied", "The person did not allow the client to sign in.");

    static final Problem SILENT = new Problem(
            "interaction_required",
            "A person has to allow each sign-in, so prompt=none cannot be answered with a code.");

    /** Whether who began a session then has to sign in once more. */
    public boolean wantsNewer(Instant signedInAt) {
        return fresh && askedAt.filter(signedInAt::isAfter).isEmpty();
    }

    /** Where a form of a page may lead beside this server: exactly this client. */
    public String origin() {
        return "http://" + redirect.getRawAuthority();
    }

    /** What the client is told: that it failed. */
    public Map<String, String> failed(Problem why) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("error", why.error());
        out.put("error_description", why.description());
        state.ifPresent(s -> out.put("state", s));
        return out;
    }

    /** What the client is told: its code. */
    public Map<String, String> succeeded(String code) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("code", code);
        state.ifPresent(s -> out.put("state", s));
        return out;
    }

    /** The address that tells it, for the modes in which an address does. */
    public String address(Map<String, String> answer) {
        String fields = answer.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        return redirect + (mode == Mode.FRAGMENT ? "#" : "?") + fields;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
