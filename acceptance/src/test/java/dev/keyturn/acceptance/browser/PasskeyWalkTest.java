package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.keyturn.acceptance.Ground;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Passkeys by the portal's own script, with an authenticator of Chromium's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PasskeyWalkTest {
    private static final String SESSION = "__Host-keyturn";
    /** A page that asks for less than this server's does, and what an authenticator signs then. */
    private static final String ASKS_FOR_NO_VERIFICATION = """
            const get = navigator.credentials.get.bind(navigator.credentials);
            navigator.credentials.get = (o) => {
              o.publicKey.userVerification = "discouraged";
              return get(o);
            }; null""";

    @AutoClose
    private Portal portal;

    @BeforeAll
    void start(@TempDir Path directory) {
        portal = Portal.start(directory.resolve("data"));
    }

    @Test
    void aPasskey_isAdded_renamed_signsInAlone_isAskedForAfterThePassword_andIsRemoved() {
        try (Visit visit = portal.stranger()) {
            VirtualAuthenticator.in(visit);
            withPassword(visit, "admin");
            visit.page().waitForURL(portal.origin() + "/portal");
            add(visit, "work laptop");

            visit.page().getByText("Rename").first().click();
            visit.field("New name").fill("<b>desk</b>");
            visit.button("Rename").click();
            visit.page().getByText("<b>desk</b>").first().waitFor();
            assertThat(visit.said()).doesNotContain("work laptop");

            signOut(visit);
            visit.button("Sign in with a passkey").click();
            visit.page().waitForURL(portal.origin() + "/portal");
            visit.open("/portal/me");
            visit.button("Ask for a passkey always").click();
            visit.until("Your password alone is not enough");

            signOut(visit);
            withPassword(visit, "admin");
            visit.until("Now your passkey");
            assertThat(visit.context().cookies()).extracting(c -> c.name).doesNotContain(SESSION);
            visit.open("/portal/me");
            assertThat(visit.path()).startsWith("/portal/sign-in");
            withPassword(visit, "admin");
            visit.button("Use a passkey").click();
            visit.page().waitForURL(portal.origin() + "/portal");

            visit.open("/portal/me");
            visit.button("Remove").click();
            visit.until("is your last passkey");
            visit.button("Let the password be enough").click();
            visit.until("A passkey signs you in without a name");
            visit.button("Remove").click();
            visit.page()
                    .getByText("on one device")
                    .first()
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.HIDDEN));
            signOut(visit);
            visit.button("Sign in with a passkey").click();
            visit.until("This passkey lets nobody in here");
            assertThat(visit.context().cookies()).extracting(c -> c.name).doesNotContain(SESSION);
        }
    }

    @Test
    void whoDoesNotShowToBeThePerson_isNotSignedIn_whateverThePageAsksFor() {
        try (Ground ground = Ground.existing(portal.server(), "any")) {
            portal.invite(ground, "ann", "Ann");
        }
        try (Visit visit = portal.stranger()) {
            VirtualAuthenticator device = VirtualAuthenticator.in(visit);
            withPassword(visit, "ann");
            visit.page().waitForURL(portal.origin() + "/portal");
            add(visit, "found phone");
            signOut(visit);

            device.verifies(false);
            visit.button("Sign in with a passkey").click();
            visit.until("Nothing was signed");
            assertThat(visit.path()).startsWith("/portal/sign-in");

            visit.page().evaluate(ASKS_FOR_NO_VERIFICATION);
            visit.button("Sign in with a passkey").click();
            visit.until("This passkey lets nobody in here");
            assertThat(visit.context().cookies()).extracting(c -> c.name).doesNotContain(SESSION);

            device.verifies(true);
            visit.button("Sign in with a passkey").click();
            visit.page().waitForURL(portal.origin() + "/portal");
        }
    }

    private static void add(Visit visit, String name) {
        visit.open("/portal/me");
        visit.field("Name of the passkey").fill(name);
        visit.button("Add a passkey").click();
        visit.until("on one device");
        assertThat(visit.said()).contains(name);
    }

    private static void withPassword(Visit visit, String name) {
        visit.open("/portal/sign-in");
        visit.field("Name").fill(name);
        visit.field("Password").fill(Portal.PASSWORD);
        visit.page().locator("form[action='/portal/sign-in'] button").click();
    }

    private static void signOut(Visit visit) {
        visit.page().locator("details.who:not(.drawer) summary").click();
        visit.page()
                .locator("form[action='/portal/sign-out'] button[type=submit]")
                .click();
        visit.page().waitForURL(visit.origin() + "/portal/sign-in");
    }
}
