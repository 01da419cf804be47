package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.people.PasskeyAnswer;
import dev.keyturn.keys.passkey.SoftAuthenticator;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills in the portal's forms of passkeys, as its script does. */
final class PasskeyForms {
    private static final Pattern CHALLENGE = Pattern.compile("name=\"challenge\" value=\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("Object id</dt><dd><code>([^<]+)<");

    private PasskeyForms() {}

    /** The object id of who is signed in. */
    static String id(Browser browser) throws Exception {
        return first(ID, browser.get("/portal/me"));
    }

    /** By which authenticators know who is signed in. */
    static byte[] handle(Browser browser) throws Exception {
        return SoftAuthenticator.idOf(UUID.fromString(id(browser)));
    }

    static String challenge(HttpResponse<String> page) {
        return first(CHALLENGE, page);
    }

    /** Of the form to sign in with. */
    static String challenge(Browser browser) throws Exception {
        return challenge(browser.get("/portal/sign-in"));
    }

    static HttpResponse<String> add(Browser browser, SoftAuthenticator authenticator, String name) throws Exception {
        PasskeyAnswer.Made made = authenticator.make(challenge(browser.get("/portal/me")));
        return browser.post(
                "/portal/me/passkeys",
                Map.of(
                        "name", name,
                        "challenge", made.challenge(),
                        "client", SoftAuthenticator.base64(made.clientData()),
                        "attestation", SoftAuthenticator.base64(made.attestation()),
                        "transports", "internal,hybrid"));
    }

    static HttpResponse<String> sign(Browser browser, PasskeyAnswer.Signed signed, String go) throws Exception {
        Map<String, String> form = new HashMap<>();
        form.put("go", go);
        form.put("challenge", signed.challenge());
        form.put("credential", signed.credential());
        form.put("client", SoftAuthenticator.base64(signed.clientData()));
        form.put("authenticator", SoftAuthenticator.base64(signed.authenticatorData()));
        form.put("signature", SoftAuthenticator.base64(signed.signature()));
        form.put("handle", SoftAuthenticator.base64(signed.handle()));
        return browser.post("/portal/sign-in/passkey", form);
    }

    /** Signs in with a passkey alone. */
    static HttpResponse<String> sign(Browser browser, SoftAuthenticator authenticator, byte[] handle) throws Exception {
        return sign(browser, authenticator.sign(challenge(browser), handle), "/portal");
    }

    private static String first(Pattern pattern, HttpResponse<String> page) {
        Matcher found = pattern.matcher(page.body());
        assertThat(found.find()).as(page.body()).isTrue();
        return found.group(1);
    }
}
