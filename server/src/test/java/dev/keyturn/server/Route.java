package dev.keyturn.server;

import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.server.http.RoutePattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One route of the server: at its own name, at a vault's, or at a managed HSM's, or a page of the portal. */
record Route(String host, String method, String template) {
    /** Open: who has no token yet comes here, or what it answers is made safe otherwise. */
    private static final Map<String, String> OPEN = Map.of(
            "/{authority}/.*", "signing in, and what a client reads before it",
            "/common/discovery/instance", "what a client reads before it signs in",
            "/metadata/endpoints", "what a client reads before it signs in",
            "/healthz|/readyz", "asked by what has no account here",
            "/serialConsoleLogs/.*", "its address is signed");

    private static final String LISTED = "(Microsoft\\.(Compute|Network|ManagedIdentity)/[A-Za-z]+"
            + "|Microsoft\\.KeyVault/(vaults|managedHSMs)|Microsoft\\.Compute/locations/\\{location\\}/virtualMachines)";

    /** For nodes of this installation alone, which are no principals; they are refused like who has no token. */
    private static final Map<String, String> NODES =
            Map.of("/keyturn/nodes/.*", "for nodes of this installation, sealed with a key under the master key");

    /** For every caller that is known. */
    private static final Map<String, String> ANY_TOKEN = Map.of(
            "GET /graph/v1.0/.*",
            "names and ids of principals, as in Azure",
            "GET /subscriptions(/\\{subscription\\})?|GET /tenants",
            "the same for all",
            "GET /subscriptions/\\{subscription\\}/locations",
            "the same for all",
            "GET /subscriptions/\\{subscription\\}/providers(/\\{namespace\\})?",
            "the same for all",
            "POST /subscriptions/\\{subscription\\}/providers/\\{namespace\\}/register",
            "does nothing",
            "GET .*/roleDefinitions(/\\{id\\})?",
            "built in, the same for all",
            "GET .*/operations/\\{id\\}",
            "there for who began it, or may read its resource",
            "GET /subscriptions/\\{subscription\\}/(resourceGroups|resources|providers/" + LISTED + ")",
            "what of it the caller may read");

    /** Of the portal: for who is not signed in. */
    private static final Map<String, String> OPEN_PAGES = Map.of(
            "/portal/sign-in(/passkey|/outside(/back)?)?|/portal/welcome",
            "signing in",
            "/portal/static/.*",
            "style and script, the same for all");

    /** Of the portal: for everybody who is signed in. */
    private static final Map<String, String> ANY_PERSON = Map.ofEntries(
            Map.entry("GET /portal", "what one may read of each kind of thing, and in words where that is nothing"),
            Map.entry("GET /portal/me(/password)?", "one's own"),
            Map.entry(
                    "POST /portal/me/(password|sign-out-everywhere|passkeys(/rename|/remove|/required)?)", "one's own"),
            Map.entry("(GET|POST) /portal/(device(/decide)?|authorize(/other)?|clients(/end)?)", "one's own"),
            Map.entry("POST /portal/sign-out", "one's own"),
            Map.entry("GET /portal/access/check", "about oneself; about others who may read role assignments there"),
            Map.entry("(GET|POST) /portal/vms/(result|act)", "asks for each VM that it is about"),
            Map.entry("GET /portal/search", "asks for each kind of thing, and says in words what may not be seen"),
            Map.entry("GET /portal/operations", "those that one began, and those on what one may read"),
            Map.entry(
                    "GET /portal/(sets|vaults|hsms|disks|resource-groups)",
                    "what one may read of them, and in words where that is not all"),
            Map.entry("GET /portal/live", "that something changed, and nothing of what"),
            Map.entry("GET /portal/create/[a-z]+", "a form: what can be chosen in it is what the person may see"),
            Map.entry("GET /portal/\\{rest\\*\\}", "there is no page"));

    static List<Route> all(Api api) {
        return Stream.of(
                        of("server", api.patterns()),
                        of("vault", api.patterns(VaultKind.VAULT)),
                        of("hsm", api.patterns(VaultKind.MANAGED_HSM)),
                        of("portal", api.pages()))
                .flatMap(s -> s)
                .distinct()
                .toList();
    }

    private static Stream<Route> of(String host, List<RoutePattern> patterns) {
        return patterns.stream().map(d -> new Route(host, d.method(), d.template()));
    }

    /** Why no token is asked for; empty where one is. */
    Optional<String> open() {
        return switch (host) {
            case "server" -> reason(OPEN, template);
            case "portal" -> reason(OPEN_PAGES, template);
            default -> Optional.empty();
        };
    }

    /** Why every caller may; empty where an action is asked for. */
    Optional<String> anyToken() {
        return switch (host) {
            case "server" -> reason(ANY_TOKEN, method + " " + template);
            case "portal" -> reason(ANY_PERSON, method + " " + template);
            default -> Optional.empty();
        };
    }

    /** Who comes here has no token and is no principal. */
    Optional<String> nodes() {
        return host.equals("server") ? reason(NODES, template) : Optional.empty();
    }

    boolean isPage() {
        return host.equals("portal");
    }

    private static Optional<String> reason(Map<String, String> reasons, String address) {
        return reasons.entrySet().stream()
                .filter(e -> address.matches(e.getKey().replace("{authority}", "\\{authority\\}")))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    @Override
    public String toString() {
        return host + ": " + method + " " + template;
    }
}
