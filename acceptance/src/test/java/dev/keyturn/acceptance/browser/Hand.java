package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** How somebody uses what a page offers. */
interface Hand {
    void press(Visit visit, Locator control);

    void type(Visit visit, Locator field, String text);

    /** With the mouse. */
    Hand MOUSE = new Hand() {
        @Override
        public void press(Visit visit, Locator control) {
            control.click();
        }

        @Override
        public void type(Visit visit, Locator field, String text) {
            field.fill(text);
        }
    };

    /** With Tab, Enter and Space alone; each stop on the way must be seen. */
    Hand KEYBOARD = new Hand() {
        private static final int STOPS = 300;

        @Override
        public void press(Visit visit, Locator control) {
            reach(visit.page(), control);
            visit.page().keyboard().press("Enter");
        }

        @Override
        public void type(Visit visit, Locator field, String text) {
            reach(visit.page(), field);
            visit.page().keyboard().type(text);
        }

        private void reach(Page page, Locator control) {
            control.waitFor();
            for (int i = 0; i < STOPS; i++) {
                if (Boolean.TRUE.equals(control.evaluate("e => e === document.activeElement"))) {
                    return;
                }
                page.keyboard().press("Tab");
                assertThat(page.evaluate(UNSEEN)).as("a stop that is not seen").isEqualTo("");
            }
            throw new AssertionError("not reached by keyboard: " + control);
        }
    };

    /** What has the focus, where that cannot be seen: it has neither an outline of 2 px nor a place in the window. */
    String UNSEEN = """
            () => {
              const e = document.activeElement;
              if (!e || e === document.body || e === document.documentElement) return '';
              const s = getComputedStyle(e), r = e.getBoundingClientRect();
              const outline = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
              const inside = r.width > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
              return outline && inside ? '' : e.outerHTML.slice(0, 200) + ' ' + s.outline + ' ' + JSON.stringify(r);
            }""";
}
