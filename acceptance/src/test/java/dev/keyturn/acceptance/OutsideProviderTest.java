package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.acceptance.Walker.Seen;
import dev.keyturn.core.identity.Roles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People sign in at an OpenID provider that nobody here wrote: npm's {@code oidc-provider}. */
class OutsideProviderTest {
    private static final String AZ = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
    private static final String START = "/portal/sign-in/outside?go=%2Fportal%2F";

    private String keyturn = "";
    private Path trusted = Path.of("");

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Walker person(String name) {
        return new Walker(trusted, keyturn, name);
    }

    @Test
    void peopleSignInThere_andMayWhatTheirGroupsMay_untilTheProviderTakesThemOut(@TempDir Path directory)
            throws Exception {
        int port = freePort();
        keyturn = "https://localhost:" + port;
        try (ForeignProvider provider = ForeignProvider.start(directory, keyturn)) {
            provider.says("{\"ann\":{\"groups\":[\"kt-admins\"]},\"bob\":{\"groups\":[\"kt-night\",\"others\"]}}");
            Files.writeString(directory.resolve("secret"), "a-secret-of-the-test");
            Files.setPosixFilePermissions(directory.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
            Path config = Files.writeString(directory.resolve("oidc.json"), """
                    {"clientId": "keyturn", "clientSecretFile": "secret", "caFile": "provider-ca.pem",
                     "scopes": ["profile", "groups"],
                     "groups": {"kt-admins": "Administrators", "kt-night": "Night shift"}}""");
            try (ServerProcess server = ServerProcess.start(
                    directory.resolve("data"),
                    "--port",
                    Integer.toString(port),
                    "--oidc-issuer",
                    provider.issuer(),
                    "--oidc-config",
                    config.toString())) {
                trusted = Files.writeString(
                        directory.resolve("both.pem"),
                        Files.readString(server.env().caFile()) + Files.readString(provider.caFile()));
                walk(provider, server);
            }
        }
    }

    private void walk(ForeignProvider provider, ServerProcess server) throws IOException {
        Http http = new Http(server.env());
        giveRole(http, "Administrators", Roles.OWNER.id());

        Walker ann = person("ann");
        Seen people = ann.go(START + "people");
        assertThat(people.at()).hasToString(keyturn + "/portal/people");
        assertThat(people.status()).isEqualTo(200);
        assertThat(people.text()).contains("ann from outside", provider.issuer());
        assertThat(ann.go("/portal/groups/Administrators").text()).contains("Who is in it is said by");

        Walker bob = person("bob");
        assertThat(bob.go(START + "me").status()).isEqualTo(200);
        assertThat(bob.go("/portal/people").status()).isEqualTo(403);
        Seen eve = person("eve").go(START + "me");
        assertThat(eve.status()).isEqualTo(401);
        assertThat(eve.at().getPath()).isEqualTo("/portal/sign-in");
        assertThat(eve.text()).contains("says of no group that is let in here");

        String token = program(http, ann);
        assertThat(groups(http, server, token)).isEqualTo(200);

        provider.says("{\"ann\":{\"groups\":[\"others\"]}}");
        assertThat(groups(http, server, token)).isEqualTo(200); // nobody asked the provider yet
        assertThat(person("ann").go(START + "me").status()).isEqualTo(401);
        assertThat(groups(http, server, token)).isEqualTo(401);
        assertThat(ann.go("/portal/people").at().getPath()).isEqualTo("/portal/sign-in");

        provider.says("{\"ann\":{\"groups\":[\"kt-night\"]}}");
        assertThat(ann.go(START + "me").status()).isEqualTo(200);
        assertThat(ann.go("/portal/people").status()).isEqualTo(403);
        signOut(provider, ann);
    }

    /** As azure-cli signs a person in with a device code; the access token that it gets. */
    private String program(Http http, Walker person) {
        Http.Reply begun = http.token(
                "/adfs/oauth2/devicecode",
                "client_id=" + AZ + "&scope=" + encoded(keyturn + "/arm/.default offline_access openid"));
        String code = begun.text("user_code");
        String asked = person.post(person.go("/portal/device"), "/portal/device", Map.of("code", code))
                .body();
        // that the provider knew who it is was enough to look around, and is not enough for this
        Seen page = person.go(link(asked, "/portal/sign-in?again"));
        int before = person.logins();
        Seen typed = person.go(link(page.text(), "/portal/sign-in/outside"));
        assertThat(person.logins()).as("the provider asks once more who it is").isEqualTo(before + 1);
        person.post(typed, "/portal/device", Map.of("code", code));
        assertThat(person.post(typed, "/portal/device/decide", Map.of("code", code, "decision", "allow"))
                        .statusCode())
                .isEqualTo(200);
        Http.Reply given = http.token(
                "/adfs/oauth2/token",
                "client_id=" + AZ + "&grant_type=" + encoded("urn:ietf:params:oauth:grant-type:device_code")
                        + "&device_code=" + encoded(begun.text("device_code")));
        assertThat(given.status()).as(given.text()).isEqualTo(200);
        return given.text("access_token");
    }

    private void signOut(ForeignProvider provider, Walker person) {
        int before = person.logins();
        person.post(person.go("/portal/me"), "/portal/sign-out", Map.of());
        assertThat(person.go(START + "me").status()).isEqualTo(200);
        assertThat(person.logins()).as("the provider still knows the browser").isEqualTo(before);

        person.post(person.go("/portal/me"), "/portal/sign-out", Map.of());
        Seen out = person.go("/portal/sign-in?out=yes");
        person.fill(person.go(link(out.text(), provider.issuer())), Map.of("logout", "yes"));
        assertThat(person.go(START + "me").status()).isEqualTo(200);
        assertThat(person.logins()).as("it asks again").isEqualTo(before + 1);
    }

    /** The first link of a page that begins so. */
    private static String link(String page, String begin) {
        Matcher link =
                Pattern.compile("href=\"(" + Pattern.quote(begin) + "[^\"]*)\"").matcher(page);
        assertThat(link.find()).as(page).isTrue();
        return link.group(1).replace("&amp;", "&");
    }

    private static void giveRole(Http http, String group, UUID role) {
        Http.Reply found = http.arm("GET", "/keyturn/groups/" + group + "?api-version=2026-01-01", "");
        Http.Reply given = http.subscription(
                "PUT",
                "/providers/Microsoft.Authorization/roleAssignments/" + UUID.randomUUID(),
                "{\"properties\":{\"principalId\":\"" + found.text("id")
                        + "\",\"roleDefinitionId\":\"/providers/Microsoft.Authorization/roleDefinitions/" + role
                        + "\"}}");
        assertThat(given.status()).as(given.text()).isEqualTo(201);
    }

    private static int groups(Http http, ServerProcess server, String token) {
        String path = "/subscriptions/" + server.env().subscription() + "/resourcegroups?api-version=2021-04-01";
        return http.request("GET", server.env().server() + path, Optional.of("Bearer " + token), "", Map.of())
                .status();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
