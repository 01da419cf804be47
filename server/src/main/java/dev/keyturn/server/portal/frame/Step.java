package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.server.http.Request;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a page shows, or one of its forms does, as a client of the API says it: a REST call and a command of azure-cli.
 * Whoever sends it gets the same service, and the same refusals. Immutable.
 *
 * @param what it does, in a few words
 * @param url whole, with its api-version; every part is encoded
 * @param body JSON; empty where there is none
 * @param az the command, quoted for a POSIX shell
 */
public record Step(String what, String method, String url, String body, String az) {
    /** Of virtual machines. */
    public static final String VMS = "2024-07-01";
    /** Of disks and disk encryption sets. */
    public static final String DISKS = "2024-03-02";
    /** Of vaults and managed HSMs as resources. */
    public static final String VAULTS = "2023-07-01";
    /** Of keys, at the host of their vault or managed HSM. */
    public static final String KEYS = "7.4";
    /** Of role assignments. */
    public static final String ROLES = "2022-04-01";
    /** Of what is Keyturn's own, and of the activity log. */
    public static final String OWN = "2015-04-01";

    /**
     * A call to Azure Resource Manager, at the address by which the reader reached the portal.
     *
     * @param path from {@code /subscriptions} on, not encoded; what is asked of a list goes into {@code query}
     */
    public static Step arm(Request request, String what, String method, String path, String version, String... query) {
        String asked = Arrays.stream(query).map(q -> "&" + q).collect(Collectors.joining());
        String url = request.origin() + encoded(path) + "?api-version=" + version + asked;
        return rest(what, method, url, Optional.empty());
    }

    /** As the other, of one resource and what is below it: {@code more} is empty, or begins with a slash. */
    public static Step of(Request request, String what, String method, ArmId id, String more, String version) {
        return arm(request, what, method, id + more, version);
    }

    /** A call to the host of a vault or managed HSM: {@code url} is the key's, without the api-version. */
    public static Step key(String what, String method, String url) {
        return rest(what, method, url + "?api-version=" + KEYS, Optional.empty());
    }

    /** With a body. */
    public Step sending(String json) {
        return rest(what, method, url, Optional.of(json));
    }

    /** With azure-cli's own command for it; without one it is an {@code az rest}. */
    public Step by(Az command) {
        return new Step(what, method, url, body, command.text());
    }

    private static Step rest(String what, String method, String url, Optional<String> body) {
        Az plain =
                Az.of("rest").with("--method", method.toLowerCase(Locale.ROOT)).with("--url", url);
        Az known = audience(url).map(a -> plain.with("--resource", a)).orElse(plain);
        Az command = body.map(b -> known.with("--body", b)).orElse(known);
        return new Step(what, method, url, body.orElse(""), command.text());
    }

    /** Of whom azure-cli must get a token for the host of a key; it knows by itself who manages resources. */
    private static Optional<String> audience(String url) {
        int path = url.indexOf("/keys");
        int dot = url.indexOf('.');
        return url.contains("/subscriptions/") || path < 0 || dot < 0 || dot > path
                ? Optional.empty()
                : Optional.of("https://" + url.substring(dot + 1, path));
    }

    private static String encoded(String path) {
        return Arrays.stream(path.split("/", -1)).map(Links::part).collect(Collectors.joining("/"));
    }
}
