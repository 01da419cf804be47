package dev.keyturn.acceptance.browser;

import com.microsoft.playwright.Route;
import dev.keyturn.acceptance.Ground;
import java.util.List;

/** Pages that somebody comes to by several steps of signing in. */
final class SignInSights {
    private static final String STRANGER = "";
    /** Where a program of the person's machine would listen. */
    private static final String PROGRAM = "http://localhost:8400";
    /** What azure-cli asks for a code with. */
    private static final String CODE = """
            async () => {
              const asked = {client_id: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", scope: location.origin + "/arm/.default"};
              const answer = await fetch("/adfs/oauth2/devicecode", {method: "POST", body: new URLSearchParams(asked)});
              return (await answer.json()).user_code;
            }""";

    private SignInSights() {}

    static List<Sight> of(Showcase show, String askedByAz) {
        return List.of(
                new Sight("/portal/authorize", "authorize-back", "admin", v -> answer(v, askedByAz)),
                new Sight("/portal/device", "device-waiting", "admin", SignInSights::typeCode),
                new Sight("/portal/welcome", "welcome", STRANGER, v -> v.page().navigate(invite(show.ground()))),
                new Sight("/portal/me", "me-passkey", STRANGER, v -> addPasskey(v, show.ground())),
                new Sight("/portal/sign-in", "passkey-step", STRANGER, v -> comeToTheStep(v, show.ground())));
    }

    /** The program takes the answer and says nothing, so the page that brings it stays. */
    private static void answer(Visit visit, String askedByAz) {
        visit.mayAnswer(PROGRAM);
        visit.page().route(PROGRAM + "/**", r -> r.fulfill(new Route.FulfillOptions().setStatus(204)));
        visit.open("/portal/authorize?response_mode=form_post&" + askedByAz);
        visit.page()
                .waitForRequest(PROGRAM + "/**", () -> visit.button("Continue").click());
        visit.until("Back to ");
    }

    private static void typeCode(Visit visit) {
        visit.open("/portal/device");
        visit.field("Code").fill((String) visit.page().evaluate(CODE));
        visit.button("Next").click();
        visit.until("Asked from");
    }

    private static String invite(Ground ground) {
        return ground.api()
                .own("POST", "/keyturn/people", Ground.body("{\"name\":\"%s\"}".formatted(name())))
                .text("signInUrl");
    }

    private static String name() {
        return "guest-" + System.nanoTime();
    }

    /** Ends what the browser has, once no page is open that would notice, and lead somewhere by itself. */
    private static void forget(Visit visit) {
        visit.page().navigate("about:blank");
        visit.context().clearCookies();
    }

    /** As somebody new, whose name it is. */
    private static String addPasskey(Visit visit, Ground ground) {
        forget(visit);
        visit.page().navigate(invite(ground));
        String name = visit.page().locator("input[name=username]").inputValue();
        visit.field("Password").fill(Portal.PASSWORD);
        visit.field("The same again").fill(Portal.PASSWORD);
        visit.button("Set the password").click();
        visit.page().waitForURL(visit.origin() + "/portal");
        VirtualAuthenticator device = VirtualAuthenticator.in(visit);
        visit.open("/portal/me");
        visit.field("Name of the passkey").fill("work laptop");
        visit.button("Add a passkey").click();
        visit.until("on one device");
        device.remove();
        visit.page().getByText("Rename").first().click();
        return name;
    }

    /** The password is right, and not enough. */
    private static void comeToTheStep(Visit visit, Ground ground) {
        String name = addPasskey(visit, ground);
        visit.button("Ask for a passkey always").click();
        visit.until("Your password alone is not enough");
        forget(visit);
        visit.open("/portal/sign-in");
        visit.field("Name").fill(name);
        visit.field("Password").fill(Portal.PASSWORD);
        visit.page().locator("form[action='/portal/sign-in'] button").click();
        visit.until("Now your passkey");
    }
}
