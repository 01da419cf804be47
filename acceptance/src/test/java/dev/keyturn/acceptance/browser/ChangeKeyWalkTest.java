package dev.keyturn.acceptance.browser;

import com.microsoft.playwright.Browser;
import dev.keyturn.acceptance.Ground;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** R3, R4, R5, R9: the whole walk, in each of the ways in which somebody may take it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChangeKeyWalkTest {
    @AutoClose
    private Portal portal;

    private String admin;

    @BeforeAll
    void start(@TempDir Path directory) {
        portal = Portal.start(directory.resolve("data"));
        admin = portal.objectId("admin");
    }

    @Test
    void wholeWalk_withTheMouse() {
        try (Ground ground = Ground.on(portal.server(), "bymouse");
                Visit visit = portal.admin()) {
            ChangeKeyWalk.prepare(portal, ground, visit, Hand.MOUSE, admin).walk();
        }
    }

    /** WCAG 2.1.1, 2.4.7. */
    @Test
    void wholeWalk_byKeyboardAlone() {
        try (Ground ground = Ground.on(portal.server(), "bykeys");
                Visit visit = portal.admin()) {
            ChangeKeyWalk.prepare(portal, ground, visit, Hand.KEYBOARD, admin).walk();
        }
    }

    @Test
    void wholeWalk_withoutJavaScript() {
        try (Ground ground = Ground.on(portal.server(), "byforms");
                Visit visit = portal.as("admin", false, new Browser.NewContextOptions())) {
            ChangeKeyWalk.prepare(portal, ground, visit, Hand.MOUSE, admin).walk();
        }
    }
}
