package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.acceptance.Ground;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What happens to a page that is open while its session or its server ends. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InterruptionsTest {
    @AutoClose
    private Portal portal;

    @BeforeAll
    void start(@TempDir Path directory) {
        portal = Portal.start(directory.resolve("data"));
    }

    @Test
    void sessionThatEndsInTheMiddleOfAWalk_leadsToTheSignIn_andFromThereBackToTheStep() {
        try (Ground ground = Ground.on(portal.server(), "ended")) {
            String owner = portal.invite(ground, "owner", "Owner");
            portal.grant(ground, "", Portal.OWNER, owner);
            try (Visit visit = portal.as("owner")) {
                ChangeKeyWalk walk = ChangeKeyWalk.prepare(portal, ground, visit, Hand.MOUSE, owner);
                walk.choose();
                String step = visit.path();
                try (Visit elsewhere = portal.as("owner")) {
                    elsewhere.open("/portal/me");
                    elsewhere.button("Sign out everywhere").click();
                    elsewhere.page().waitForURL(url -> url.contains("/portal/sign-in"));
                }

                // nobody touches the page
                visit.page().waitForURL(url -> url.contains("/portal/sign-in"));
                visit.field("Name").fill("owner");
                visit.field("Password").fill(Portal.PASSWORD);
                visit.button("Sign in").click();
                visit.until("1 VM is not stopped");
                assertThat(visit.path()).isEqualTo(step);
                walk.stopIt();
            }
        }
    }

    /** R4, R5. */
    @Test
    void serverThatIsKilledDuringARotation_andStartedAgain_leavesTheOpenPageWithTheTruth() {
        String admin = portal.objectId("admin");
        try (Visit visit = portal.admin()) {
            try (Ground ground = Ground.on(portal.server(), "killedpage")) {
                ChangeKeyWalk walk = ChangeKeyWalk.prepare(portal, ground, visit, Hand.MOUSE, admin);
                walk.choose();
                walk.stopIt();
                ground.fault("slow", "{\"kind\":\"slow\",\"call\":\"refusals\",\"delayMs\":5000}");
                visit.button("Save").click();
                visit.until("Changing the key");
            }
            visit.page().evaluate("() => { window.same = true; }");
            visit.serverMayBeAway(true);
            portal.kill();
            visit.until("The server does not answer");
            portal.startAgain();
            try (Ground ground = Ground.existing(portal.server(), "killedpage")) {
                visit.until("6 of 6 artifacts are under");

                assertThat(visit.page().evaluate("() => window.same")).isEqualTo(true);
                assertThat(visit.page().locator("#away").isVisible()).isFalse();
                assertThat(ground.census("walk").text("underActiveKey")).isEqualTo("6");
                ground.mend("slow");
            }
        }
    }
}
