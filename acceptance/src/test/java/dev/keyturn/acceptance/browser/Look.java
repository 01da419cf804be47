package dev.keyturn.acceptance.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;

/** One way to look at a page: how wide the window is, in CSS pixels, and what the system's colours are. */
record Look(String name, int width, ColorScheme colours) {
    static final int NARROW = 360;
    static final List<Look> ALL = List.of(
            new Look("wide-light", 1280, ColorScheme.LIGHT),
            new Look("wide-dark", 1280, ColorScheme.DARK),
            new Look("narrow-light", NARROW, ColorScheme.LIGHT),
            new Look("narrow-dark", NARROW, ColorScheme.DARK));

    /** The narrowest and the widest window that pages are made for (WCAG 2.2, 1.4.10: 320 pixels). */
    static final List<Look> EXTREMES =
            List.of(new Look("tiny-light", 320, ColorScheme.LIGHT), new Look("huge-light", 2560, ColorScheme.LIGHT));

    /** The page that is open stays; only its window and colours change, at once: colours do not fade from one to the other. */
    void at(Page page) {
        page.setViewportSize(width, 800);
        page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(colours).setReducedMotion(ReducedMotion.REDUCE));
    }

    @Override
    public String toString() {
        return name;
    }
}
