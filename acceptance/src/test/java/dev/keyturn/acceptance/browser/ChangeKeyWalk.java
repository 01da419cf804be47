package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import dev.keyturn.acceptance.Ground;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The change of a set's key as a person does it (R9), from a VM that still runs to the old version disabled, with one
 * artifact that cannot be updated at first.
 */
final class ChangeKeyWalk {
    private static final Pattern LABEL = Pattern.compile("type its label: (\\w+)");

    private final Ground ground;
    private final Visit visit;
    private final Hand hand;
    private final String old;

    private ChangeKeyWalk(Ground ground, Visit visit, Hand hand, String old) {
        this.ground = ground;
        this.visit = visit;
        this.hand = hand;
        this.old = old;
    }

    /** A set of two VMs, of which one runs; {@code officer} may make key versions. */
    static ChangeKeyWalk prepare(Portal portal, Ground ground, Visit visit, Hand hand, String officer) {
        String old = ground.newKey("walk-key");
        ground.newSet("walk", old);
        ground.newVm(ground.group() + "-a", "walk");
        ground.newVm(ground.group() + "-b", "walk");
        ground.act(ground.group() + "-a", "deallocate");
        portal.grant(ground, ground.vaultPath(), Ground.CRYPTO_OFFICER, officer);
        return new ChangeKeyWalk(ground, visit, hand, old);
    }

    void walk() {
        choose();
        refusedWhileOneRuns();
        stopIt();
        saveWithOneThatFails();
        tryAgain();
        verify();
        disableTheOldVersion();
    }

    private void press(Locator control) {
        hand.press(visit, control);
    }

    /** From the overview to a new version that is chosen. */
    void choose() {
        visit.open("/portal");
        press(visit.link("Disk encryption sets"));
        hand.type(visit, visit.field("Resource group"), ground.group());
        press(visit.button("Filter"));
        visit.page().waitForURL(url -> url.contains("group=" + ground.group()));
        press(visit.link("walk"));
        press(visit.link("Change key"));
        press(visit.button("Make a new version"));
        visit.until("1 VM is not stopped");
    }

    @SuppressWarnings("deprecation") // waitForURL does not wait where the address stays as it is
    private void refusedWhileOneRuns() {
        assertThat(visit.said()).contains(ground.group() + "-b: running");
        assertThat(visit.button("Save").isDisabled()).isTrue();
        // whoever sends the form all the same is told the reason
        String here = visit.path();
        visit.page().waitForNavigation(() -> visit.page().locator("#save form").evaluate("f => f.submit()"));
        assertThat(visit.said()).contains("nothing was changed", ground.group() + "-b");
        assertThat(ground.census("walk").text("underOtherKeys")).isEqualTo("0");
        assertThat(ground.set("walk").text("properties.activeKey.keyUrl")).isEqualTo(old);
        visit.open(here);
    }

    void stopIt() {
        press(visit.button("Stop this one"));
        visit.until("Nothing is in the way");
        assertThat(ground.power(ground.group() + "-b")).isNotEqualTo("PowerState/running");
    }

    private void saveWithOneThatFails() {
        String disk = ground.group() + "-a-data";
        ground.fault(disk, "{\"kind\":\"updateRefused\",\"disk\":\"%s\"}".formatted(disk));
        visit.until("Nothing is in the way");
        press(visit.button("Save"));
        visit.until("Not finished");
        assertThat(visit.said()).contains("5 of 6 artifacts are under", "What kept its old key", disk);
        ground.mend(disk);
    }

    private void tryAgain() {
        press(visit.button("Try again with"));
        visit.until("6 of 6 artifacts are under");
        assertThat(ground.census("walk").text("underActiveKey")).isEqualTo("6");
        assertThat(ground.census("walk").text("underOtherKeys")).isEqualTo("0");
        assertThat(ground.set("walk").text("properties.activeKey.keyUrl")).isNotEqualTo(old);
    }

    private void verify() {
        String key = visit.path();
        press(visit.button("Verify every artifact"));
        visit.until("Everything opened");
        visit.open(key);
    }

    private void disableTheOldVersion() {
        Matcher label = LABEL.matcher(visit.said());
        assertThat(label.find()).as(visit.said()).isTrue();
        hand.type(visit, visit.field("To be sure, type its label"), label.group(1));
        press(visit.button("Disable"));
        visit.until("It is disabled.");
        assertThat(ground.enabled(old)).isFalse();
    }
}
