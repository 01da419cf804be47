package dev.keyturn.server;

import static dev.keyturn.server.PasskeyForms.add;
import static dev.keyturn.server.PasskeyForms.challenge;
import static dev.keyturn.server.PasskeyForms.handle;
import static dev.keyturn.server.PasskeyForms.sign;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.people.PasskeyAnswer;
import dev.keyturn.keys.passkey.SoftAuthenticator;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Passkeys through the portal's forms, with the signatures of an authenticator in software. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalPasskeysTest {
    private static final String SESSION = "__Host-keyturn";
    private static final String PASSWORD = "a good long password";

    private RunningServer server;
    private Browser admin;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = RunningServer.start(directory);
        admin = new Browser(server)
                .welcome(server.server.firstPerson().orElseThrow().link(), PASSWORD);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String origin() {
        return "https://localhost:" + server.server.port();
    }

    private SoftAuthenticator authenticator() {
        return new SoftAuthenticator(origin(), "localhost");
    }

    private Browser person(String name) throws Exception {
        admin.get("/portal/people");
        HttpResponse<String> made = admin.post("/portal/people", Map.of("name", name, "displayname", name));
        String link = made.body().replaceAll("(?s).*welcome\\?link=([A-Za-z0-9_-]{43}).*", "$1");
        return new Browser(server).welcome(link, PASSWORD);
    }

    private static String location(HttpResponse<String> answer) {
        return answer.headers().firstValue("location").orElse("");
    }

    @Test
    void aPasskey_isAdded_andSignsInWithoutAName() throws Exception {
        Browser ann = person("ann");
        byte[] handle = handle(ann);
        SoftAuthenticator phone = authenticator();
        assertThat(location(add(ann, phone, "<b>phone</b>"))).isEqualTo("/portal/me");
        assertThat(ann.get("/portal/me").body()).contains("&lt;b&gt;phone").contains("not yet");

        Browser again = new Browser(server);
        PasskeyAnswer.Signed signed = phone.sign(challenge(again), handle);
        String form = again.cookie("__Host-keyturn-form");
        assertThat(location(sign(again, signed, "/portal/me"))).isEqualTo("/portal/me");
        assertThat(again.get("/portal/me").body()).containsPattern("<td[^>]*>passkey</td>");
        assertThat(admin.get("/portal/people").body()).containsPattern("<td[^>]*>1</td>");

        Browser fixed = new Browser(server); // somebody else's session, planted before
        challenge(fixed);
        fixed.plant(SESSION, again.cookie(SESSION));
        PasskeyAnswer.Signed anew = phone.sign(challenge(fixed.get("/portal/sign-in?again=yes")), handle);
        assertThat(sign(fixed, anew, "/portal").statusCode()).isEqualTo(303);
        assertThat(fixed.cookie(SESSION)).isNotEqualTo(again.cookie(SESSION));
        assertThat(again.get("/portal/me").statusCode()).isEqualTo(303); // what the browser had before has ended

        Browser thief = new Browser(server); // who saw all of it, the form's cookie too
        thief.plant("__Host-keyturn-form", form);
        thief.get("/portal/sign-in");
        HttpResponse<String> replayed = sign(thief, signed, "/portal");
        assertThat(replayed.statusCode()).isEqualTo(401);
        assertThat(replayed.body()).contains("was done before");
        assertThat(thief.cookie(SESSION)).isEmpty();
    }

    @Test
    void aSignature_fromElsewhere_orWithoutVerification_orOfNobody_letsNobodyIn() throws Exception {
        Browser bob = person("bob");
        byte[] handle = handle(bob);
        SoftAuthenticator key = authenticator();
        add(bob, key, "key");
        Browser other = new Browser(server);
        String wrong = "This passkey lets nobody in here.";
        for (PasskeyAnswer.Signed lie : List.of(
                key.at("https://elsewhere.example").sign(challenge(other), handle),
                key.at(origin()).of("elsewhere.example").sign(challenge(other), handle),
                key.of("localhost").verifying(false).sign(challenge(other), handle),
                key.verifying(true).sign(challenge(new Browser(server)), handle),
                key.sign(challenge(other), handle(admin)),
                authenticator().sign(challenge(other), handle))) {
            HttpResponse<String> answer = sign(other, lie, "/portal");
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains(wrong);
            assertThat(other.cookie(SESSION)).isEmpty();
        }
        challenge(other);
        HttpResponse<String> empty = other.post("/portal/sign-in/passkey", Map.of("client", "%%%"));
        assertThat(empty.statusCode()).isEqualTo(401);
        assertThat(empty.body()).contains(wrong);
        assertThat(location(sign(other, key.sign(challenge(other), handle), "//elsewhere.example/")))
                .isEqualTo("/portal");
    }

    @Test
    void aPasskey_isRenamed_andANameThatWillNotDo_changesNothing() throws Exception {
        Browser fay = person("fay");
        SoftAuthenticator key = authenticator();
        add(fay, key, "phone");
        assertThat(fay.get("/portal/me").body()).contains("action=\"/portal/me/passkeys/rename\"");
        String rename = "/portal/me/passkeys/rename";
        assertThat(location(fay.post(rename, Map.of("passkey", key.id(), "name", "<i>desk</i>"))))
                .isEqualTo("/portal/me");
        assertThat(fay.get("/portal/me").body()).contains("&lt;i&gt;desk").doesNotContain(">phone<");

        HttpResponse<String> nameless = fay.post(rename, Map.of("passkey", key.id(), "name", " "));
        assertThat(nameless.statusCode()).isEqualTo(400);
        assertThat(nameless.body()).contains("1 to 60 characters").contains("&lt;i&gt;desk");
        admin.get("/portal/me");
        HttpResponse<String> others = admin.post(rename, Map.of("passkey", key.id(), "name", "mine"));
        assertThat(others.statusCode()).isEqualTo(404);
        assertThat(fay.get("/portal/me").body()).contains("&lt;i&gt;desk").doesNotContain("mine");
    }

    @Test
    void whereAPasskeyIsWantedAsWell_thePasswordOpensNoPage() throws Exception {
        Browser cleo = person("cleo");
        SoftAuthenticator key = authenticator();
        add(cleo, key, "key");
        byte[] handle = handle(cleo);
        cleo.post("/portal/me/passkeys/required", Map.of("required", "yes"));
        assertThat(cleo.get("/portal/me").body()).contains("Your password alone is not enough");
        assertThat(admin.get("/portal/people").body()).contains("1, always asked for");

        Browser again = new Browser(server);
        again.get("/portal/sign-in");
        HttpResponse<String> step =
                again.post("/portal/sign-in", Map.of("name", "cleo", "password", PASSWORD, "go", "/portal/me"));
        assertThat(step.statusCode()).isEqualTo(200);
        assertThat(step.headers().allValues("set-cookie")).isEmpty();
        assertThat(step.body()).contains("Now your passkey").contains(key.id()).contains("value=\"/portal/me\"");
        assertThat(again.cookie(SESSION)).isEmpty();
        for (String page : List.of("/portal", "/portal/me", "/portal/me/password", "/portal/sets")) {
            assertThat(again.get(page).statusCode()).as(page).isEqualTo(303);
        }
        assertThat(location(sign(again, key.sign(challenge(step), handle), "/portal/me")))
                .isEqualTo("/portal/me");
        assertThat(again.get("/portal/me").statusCode()).isEqualTo(200);

        HttpResponse<String> last = again.post("/portal/me/passkeys/remove", Map.of("passkey", key.id()));
        assertThat(last.statusCode()).isEqualTo(409);
        assertThat(last.body()).contains("is your last passkey");
    }

    @Test
    void whoIsSignedIn_maySignInAgain_andTheSessionIsAnotherOne() throws Exception {
        Browser dora = person("dora");
        String before = dora.cookie(SESSION);
        assertThat(dora.get("/portal/sign-in").statusCode()).isEqualTo(303);
        HttpResponse<String> form = dora.get("/portal/sign-in?again=yes&go=/portal/me");
        assertThat(form.statusCode()).isEqualTo(200);
        assertThat(form.body()).contains("value=\"dora\"").contains("value=\"/portal/me\"");
        assertThat(location(
                        dora.post("/portal/sign-in", Map.of("name", "dora", "password", PASSWORD, "go", "/portal/me"))))
                .isEqualTo("/portal/me");
        assertThat(dora.cookie(SESSION)).isNotEqualTo(before);
    }

    @Test
    void aPage_thatIsNotAtTheServersName_saysWherePasskeysWork() throws Exception {
        HttpResponse<String> page =
                server.send("GET", "/portal/sign-in", "", Map.of("Host", "127.0.0.1:" + server.server.port()));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body())
                .contains("href=\"" + origin() + "/portal/sign-in\"")
                .doesNotContain("data-passkey");
    }

    @Test
    void anAnswerThatIsNone_addsNothing_andTheNameStays() throws Exception {
        Browser emil = person("emil");
        HttpResponse<String> answer = add(emil, authenticator().verifying(false), "mine");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not one to what this page asked").contains("value=\"mine\"");
        assertThat(add(emil, authenticator(), "").statusCode()).isEqualTo(400);
        assertThat(emil.get("/portal/me").body()).doesNotContain("Last used");
    }
}
