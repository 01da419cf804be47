package dev.keyturn.acceptance.browser;

import com.microsoft.playwright.Browser;
import dev.keyturn.acceptance.Ground;
import dev.keyturn.acceptance.ServerProcess;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.ClientEnv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server with a portal, a browser that trusts it, and the people who sign in. */
final class Portal implements AutoCloseable {
    static final String PASSWORD = "a good long password";
    static final String OWNER = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    static final String READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private static final String ADMIN = "admin";
    private static final Pattern LINK = Pattern.compile("https://\\S+/portal/welcome\\?link=\\S+");

    private final Path data;
    private final Chromium chromium;
    private ServerProcess server;
    private final String origin;
    /** What the browsers of people keep, by their names. */
    private final Map<String, String> cookies = new HashMap<>();

    private Portal(Path data, ServerProcess server) {
        this.data = data;
        this.server = server;
        origin = server.env().server().toString();
        chromium = Chromium.trusting(server.env().caFile());
    }

    /** A new server; {@code admin} signs in with the link that its first start prints. */
    static Portal start(Path data, String... options) {
        ServerProcess server = ServerProcess.start(data, options);
        try {
            Portal portal = new Portal(data, server);
            Matcher link = LINK.matcher(server.nextLine());
            if (!link.find()) {
                throw new AssertionError("the first start prints no link");
            }
            portal.welcome(ADMIN, link.group());
            return portal;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    /** A new server whose people sign in at {@code provider}, which is an OpenID provider too. Nobody signed in yet. */
    static Portal whosePeopleSignInAt(Portal provider, Path directory) {
        ClientEnv env = provider.server.env();
        try {
            Path config = Files.writeString(
                    Files.createDirectories(directory).resolve("oidc.json"), """
                    {"clientId": "keyturn", "caFile": "%s", "everybody": true}""".formatted(env.caFile()));
            Path data = directory.resolve("data");
            return new Portal(
                    data,
                    ServerProcess.start(
                            data,
                            "--oidc-issuer",
                            provider.origin + "/" + env.tenant() + "/v2.0",
                            "--oidc-config",
                            config.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Browser browser() {
        return chromium.browser();
    }

    ServerProcess server() {
        return server;
    }

    String origin() {
        return origin;
    }

    /** {@code kill -9}. */
    void kill() {
        server.killHard();
    }

    /** The same installation at the same address. */
    void startAgain() {
        server = ServerProcess.start(data, "--port", Integer.toString(server.port()));
    }

    /** Somebody who is not signed in. */
    Visit stranger() {
        return stranger(new Browser.NewContextOptions());
    }

    Visit stranger(Browser.NewContextOptions options) {
        return visit(true, options);
    }

    Visit admin() {
        return as(ADMIN);
    }

    /** Somebody who signed in before, in another window of the same browser. */
    Visit as(String name) {
        return as(name, true, new Browser.NewContextOptions());
    }

    Visit as(String name, boolean scripts, Browser.NewContextOptions options) {
        String kept = Optional.ofNullable(cookies.get(name)).orElseThrow();
        return visit(scripts, options.setStorageState(kept));
    }

    private Visit visit(boolean scripts, Browser.NewContextOptions options) {
        return new Visit(chromium.browser(), origin, scripts, options);
    }

    /** Invites a person over the API; signed in, and with no role. The object id. */
    String invite(Ground ground, String name, String displayName) {
        Answer made = ground.api()
                .own(
                        "POST",
                        "/keyturn/people",
                        Ground.body("{\"name\":\"%s\"}".formatted(name)).map(b -> b.put("displayName", displayName)));
        welcome(name, made.text("signInUrl"));
        return made.text("id");
    }

    /** Sets the first password, which signs in. */
    private void welcome(String name, String link) {
        try (Visit visit = stranger()) {
            visit.page().navigate(link);
            visit.field("Password").fill(PASSWORD);
            visit.field("The same again").fill(PASSWORD);
            visit.button("Set the password").click();
            visit.page().waitForURL(origin + "/portal");
            cookies.put(name, visit.context().storageState());
        }
    }

    /** The object id of who looks. */
    String objectId(String name) {
        try (Visit visit = as(name)) {
            visit.open("/portal/me");
            Matcher id =
                    Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").matcher(visit.said());
            if (!id.find()) {
                throw new AssertionError("no object id: " + visit.said());
            }
            return id.group();
        }
    }

    /** Gives a person a role; at the subscription where {@code scope} is empty. */
    void grant(Ground ground, String scope, String role, String person) {
        ground.api()
                .arm(
                        "PUT",
                        scope + "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                        "2022-04-01",
                        Ground.body("{\"properties\":{\"roleDefinitionId\":\"%s\",\"principalId\":\"%s\"}}"
                                .formatted(
                                        ground.id("/providers/Microsoft.Authorization/roleDefinitions/" + role),
                                        person)));
    }

    @Override
    public void close() {
        try (chromium) {
            server.killHard();
        }
    }
}
