package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What holds on every page that the server has, light and dark, wide and narrow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryPageTest {
    /** Whatever moves on a page, where the reader's system asks for rest. */
    private static final String MOVING = """
            () => [...document.querySelectorAll('*')].filter(e => [getComputedStyle(e), getComputedStyle(e, '::before'),
                getComputedStyle(e, '::after')].some(s => [s.transitionDuration, s.animationDuration]
                .some(d => d.split(',').some(x => parseFloat(x) > 0.001)))).map(e => e.outerHTML.slice(0, 100))""";

    /** What jumps while the page loads, where a reader would see it: the sum of Chromium's layout shifts is above 0.05. */
    private static final String JUMPS = """
            () => new Promise(done => { let sum = 0; const what = [];
              new PerformanceObserver(l => l.getEntries().filter(e => !e.hadRecentInput).forEach(e => { sum += e.value;
                e.sources.forEach(s => what.push((s.node?.outerHTML ?? s.node?.data ?? '').slice(0, 120) + ' from '
                  + JSON.stringify(s.previousRect) + ' to ' + JSON.stringify(s.currentRect))); }))
                .observe({type: 'layout-shift', buffered: true});
              setTimeout(() => done(sum > 0.05 ? [sum + ' at ' + location.pathname, ...what] : []), 50); })""";

    /** What is cut off or sticks out: the page itself and, where asked, tables that only fit when they are scrolled. */
    private static final String OVER = """
            tables => [document.documentElement, ...document.querySelectorAll(tables)]
              .filter(e => e.scrollWidth > e.clientWidth)
              .map(e => e.className + ' is wider than its place by ' + (e.scrollWidth - e.clientWidth))""";

    @AutoClose
    private Portal portal;

    private final Axe axe = new Axe();
    private final List<String> found = new ArrayList<>();
    private final Set<String> seen = new TreeSet<>();

    @BeforeAll
    void start(@TempDir Path directory) {
        portal = Portal.start(directory.resolve("data"));
    }

    @Test
    void everyPage_isAccessible_fitsANarrowWindow_andRestsWhereAsked() {
        look(portal, Sights.empty());
        try (Showcase show = Showcase.on(portal, 3)) {
            look(portal, Sights.of(show));
        }

        assertThat(seen).as("the pages that Sights leads to").isEqualTo(Sights.patterns());
        assertThat(found).isEmpty();
    }

    @Test
    void signingInAtAnOutsideProvider_isAccessible_andFits(@TempDir Path directory) {
        found.clear();
        try (Portal outside = Portal.whosePeopleSignInAt(portal, directory)) {
            look(outside, Sights.outside());
        }

        assertThat(found).isEmpty();
    }

    private void look(Portal portal, List<Sight> sights) {
        Map<String, Visit> open = new HashMap<>();
        try {
            for (Sight sight : sights) {
                Visit visit = open.computeIfAbsent(sight.who(), who -> visit(portal, who));
                seen.add(sight.pattern());
                Look.ALL.getFirst().at(visit.page());
                sight.go().accept(visit);
                look(sight, visit.page());
                visit.wrong().forEach(w -> found.add(sight.name() + ": " + w));
            }
        } finally {
            open.values().forEach(v -> v.context().close());
        }
    }

    private static Visit visit(Portal portal, String who) {
        Browser.NewContextOptions options = new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE);
        return who.isEmpty() ? portal.stranger(options) : portal.as(who, true, options);
    }

    private void look(Sight sight, Page page) {
        ((List<?>) page.evaluate(JUMPS)).forEach(e -> found.add(sight.name() + ": it jumps while it loads: " + e));
        ((List<?>) page.evaluate(MOVING)).forEach(e -> found.add(sight.name() + ": moves: " + e));
        if (page.locator("main > .same").count() != 1) {
            found.add(sight.name() + ": says neither its step as az and REST nor that there is none");
        }
        for (Look look : Look.ALL) {
            look.at(page);
            fits(sight, look, page, ".scroll");
            axe.violations(page).forEach(v -> found.add(sight.name() + " " + look + ": " + v));
        }
        for (Look look : Look.EXTREMES) {
            look.at(page);
            fits(sight, look, page, "never");
        }
    }

    private void fits(Sight sight, Look look, Page page, String tables) {
        ((List<?>) page.evaluate(OVER, tables)).forEach(e -> found.add(sight.name() + " " + look + ": " + e));
    }
}
