package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.keyturn.acceptance.Ground;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What somebody with bad intentions cannot do to who uses the portal, in a real browser. PortalTest has the rest. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardsInBrowserTest {
    private static final String ODD = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>\"'&lt;b&gt;";
    /** Same site as the server's, so that cookies come along, and not the same origin. */
    private static final String ELSEWHERE = "https://localhost:9/page";

    @AutoClose
    private Portal portal;

    private Showcase show;

    @BeforeAll
    void start(@TempDir Path directory) {
        portal = Portal.start(directory.resolve("data"));
        show = Showcase.on(portal, 2);
    }

    @Test
    void markupInNames_tags_errorsAndAddresses_isShownAsItWasTyped_onEveryPage() {
        Ground ground = show.ground();
        portal.grant(ground, "", Portal.OWNER, portal.invite(ground, "odd", ODD));
        ground.tag(Showcase.RUNNING, ODD.replaceAll("[<>&\"'/\\\\%?]", "_"), ODD);
        List<String> wrong = new ArrayList<>();
        try (Visit visit = portal.as("odd")) {
            for (Sight sight : Sights.of(show)) {
                if (sight.who().equals("admin")) {
                    sight.go().accept(visit);
                    look(visit, sight.name(), wrong);
                }
            }
            assertThat(visit.page().locator("details.who:not(.drawer) summary").innerText())
                    .isEqualTo(ODD);
            for (String address : List.of(
                    "/portal/sets?name=",
                    "/portal/vms?q=",
                    "/portal/vaults?name=",
                    "/portal/nothing/",
                    "/portal/people?after=")) {
                visit.open(address + "%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E%22%27");
                look(visit, address, wrong);
            }
            visit.open("/portal/people");
            assertThat(visit.said()).contains(ODD);
            visit.open("/portal/access/check?who=odd");
            assertThat(visit.said()).contains(ODD);
            look(visit, "/portal/access/check", wrong);
            visit.open("/portal/me");
            look(visit, "/portal/me", wrong);
            visit.open("/portal/vms/" + Showcase.GROUP + "/" + Showcase.RUNNING);
            assertThat(visit.said()).contains(": " + ODD);
        }
        assertThat(wrong).isEmpty();
    }

    private static void look(Visit visit, String name, List<String> wrong) {
        if (visit.page()
                                .evaluate(
                                        "() => window.hit ?? document.querySelectorAll('img[src=x], main script:not([src])').length")
                        instanceof Number n
                && n.intValue() > 0) {
            wrong.add(name);
        }
    }

    @Test
    void whoMayOnlyRead_isOfferedNoChange_andIsRefusedOne() {
        String set = "/portal/sets/" + Showcase.GROUP + "/" + Showcase.SPLIT;
        try (Visit visit = portal.as(Showcase.READER)) {
            visit.open(set);
            assertThat(visit.page().locator("main form, main a.main").count()).isZero();
            visit.open(set + "/key");
            assertThat(visit.said()).contains("You may look at this set, but not change its key");
            assertThat(visit.page().locator("main form").count()).isZero();
            visit.open("/portal/vms");
            assertThat(visit.page().locator("main form[method=post] button").count())
                    .isZero();

            for (String action : List.of(set + "/key", set + "/verify", set + "/key/stop")) {
                assertThat(submit(visit, action, show.newest()).status())
                        .as(action)
                        .isEqualTo(403);
            }
            assertThat(show.ground().set(Showcase.SPLIT).text("properties.provisioningState"))
                    .isNotEqualTo("Updating");
        }
        try (Visit visit = portal.as(Showcase.NOBODY)) {
            visit.open("/portal");
            assertThat(visit.said()).contains("You may not see any disk encryption set");
        }
    }

    /** Sends a form that no page offers, with the token of one that there is. */
    @SuppressWarnings("deprecation") // waitForResponse does not wait for the page
    private static Response submit(Visit visit, String action, String key) {
        visit.open("/portal/me");
        return visit.page().waitForNavigation(() -> visit.page().evaluate("""
                ([action, key]) => {
                  const form = document.querySelector('form[action="/portal/sign-out"]');
                  form.action = action;
                  form.append(Object.assign(document.createElement('input'), {name: 'key', value: key}));
                  form.submit();
                }""", List.of(action, key)));
    }

    @Test
    @SuppressWarnings("deprecation")
    void pageOfSomebodyElse_canNeitherFrameThePortal_norSendItsForms() {
        try (BrowserContext context = portal.browser().newContext()) {
            Page page = context.newPage();
            page.route(
                    ELSEWHERE,
                    r -> r.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody("<iframe src='" + portal.origin()
                                    + "/portal/sign-in'></iframe><form method=post action='" + portal.origin()
                                    + "/portal/sign-out'><button>Win</button></form>")));
            page.navigate(portal.origin() + "/portal/sign-in");
            page.getByLabel("Name").fill("admin");
            page.getByLabel("Password").fill(Portal.PASSWORD);
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Sign in").setExact(true))
                    .click();
            page.waitForURL(portal.origin() + "/portal");

            page.navigate(ELSEWHERE);
            assertThat(page.frames()).anyMatch(f -> f.url().startsWith("chrome-error:"));
            Response answer =
                    page.waitForNavigation(() -> page.locator("button").click());

            assertThat(answer.status()).isEqualTo(403);
            assertThat(page.locator("body").innerText()).contains("it comes from a page of somebody else's");
            assertThat(page.navigate(portal.origin() + "/portal/me").url()).endsWith("/portal/me");
        }
    }

    @Test
    void sessionThatWasThereBeforeTheSignIn_isNotTheOneAfterIt_andTheWayOnStaysHere() {
        String planted = "A".repeat(43);
        for (String go :
                List.of("https://example.com/", "//example.com", "/\\example.com", "/portal/../..//example.com")) {
            try (Visit visit = portal.stranger()) {
                visit.context()
                        .addCookies(List.of(new Cookie("__Host-keyturn", planted)
                                .setUrl(portal.origin())
                                .setSecure(true)));
                visit.page()
                        .navigate(portal.origin() + "/portal/sign-in?go="
                                + URLEncoder.encode(go, StandardCharsets.UTF_8));
                visit.field("Name").fill("admin");
                visit.field("Password").fill(Portal.PASSWORD);
                visit.button("Sign in").click();
                visit.page().waitForURL(portal.origin() + "/portal");

                Cookie session = visit.context().cookies().stream()
                        .filter(c -> c.name.equals("__Host-keyturn"))
                        .findFirst()
                        .orElseThrow();
                assertThat(session.value).isNotEqualTo(planted);
                assertThat(session.httpOnly).isTrue();
                assertThat(session.secure).isTrue();
                assertThat(session.sameSite).isEqualTo(SameSiteAttribute.LAX);
                assertThat(visit.page().evaluate("() => document.cookie")).isEqualTo("");
            }
        }
    }
}
