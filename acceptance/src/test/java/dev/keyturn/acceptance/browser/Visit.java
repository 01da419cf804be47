package dev.keyturn.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A browser of somebody's own with one tab, and whatever went wrong in it: a request to another origin, an error in the
 * console (what the content-security policy stops is one), an exception of a script, a dialog, a file or page that the
 * server could not give. Closing it fails where there was any.
 */
final class Visit implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 30_000;
    /** A page that says 403 is an error to the console, and none to who asked for it. */
    private static final String STATUS = "Failed to load resource: the server responded with a status of ";

    private final String origin;
    private final boolean scripts;
    private final BrowserContext context;
    private final Page page;
    private final List<String> wrong = new ArrayList<>();
    private boolean offline;
    private boolean away;
    private String program;

    Visit(Browser browser, String origin, boolean scripts, Browser.NewContextOptions options) {
        this.origin = origin;
        program = origin;
        this.scripts = scripts;
        context = browser.newContext(options.setBaseURL(origin).setJavaScriptEnabled(scripts));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        context.onRequest(this::see);
        context.onResponse(this::see);
        context.onConsoleMessage(this::see);
        context.onWebError(e -> wrong.add("exception: " + e.error()));
        context.onDialog(this::see);
        page = context.newPage();
    }

    Page page() {
        return page;
    }

    BrowserContext context() {
        return context;
    }

    String origin() {
        return origin;
    }

    private void see(Request request) {
        if (!request.url().startsWith(origin + "/") && !request.url().startsWith(program + "/")) {
            wrong.add("request to another origin: " + request.url());
        }
    }

    private void see(Response response) {
        boolean page = response.request().resourceType().equals("document");
        if (response.status() >= (page ? 500 : 400) && !(page && away && response.status() == 503)) {
            wrong.add(response.status() + " " + response.url());
        }
    }

    private void see(ConsoleMessage message) {
        boolean counts = message.type().equals("error") || message.type().equals("warning");
        if (counts && !message.text().startsWith(STATUS) && !offline) {
            wrong.add("console: " + message.text());
        }
    }

    private void see(Dialog dialog) {
        wrong.add("dialog: " + dialog.message());
        dialog.dismiss();
    }

    /** From now on it is no fault that the server does not answer. */
    void serverMayBeAway(boolean away) {
        offline = away;
    }

    /** From now on it is no fault that a page brings an answer to this program on the person's machine. */
    void mayAnswer(String listening) {
        program = listening;
    }

    /** From now on a page may say that something which it needs does not answer (503). */
    void mayFindSomethingAway() {
        away = true;
    }

    /** Opens a page; its status. */
    int open(String path) {
        return page.navigate(path).status();
    }

    /** Until the page says it, in these letters; a page without scripts is fetched again and again. */
    void until(String words) {
        Pattern text = Pattern.compile(literally(words));
        if (scripts) {
            page.getByText(text).first().waitFor();
            return;
        }
        long begin = System.nanoTime();
        while (page.getByText(text).count() == 0) {
            if (System.nanoTime() - begin > PATIENCE_MILLIS * 1_000_000) {
                throw new TimeoutError("'" + text + "' does not come: " + said());
            }
            page.reload();
        }
    }

    /** The page's words. */
    String said() {
        return page.locator("body").innerText();
    }

    /** Its words for people, and whether it can be used now. */
    Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(starting(name)))
                .first();
    }

    Locator link(String name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(starting(name)))
                .first();
    }

    Locator field(String label) {
        return page.getByLabel(starting(label)).first();
    }

    private static Pattern starting(String name) {
        return Pattern.compile("^\\s*" + literally(name));
    }

    /** As JavaScript reads it, which does not know Pattern.quote's form. */
    private static String literally(String text) {
        return text.replaceAll("[^\\w ]", "\\\\$0");
    }

    /** Where the page is, below the server. */
    String path() {
        return page.url().substring(origin.length());
    }

    List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public void close() {
        context.close();
        assertThat(wrong).as("what the browser complained of").isEmpty();
    }
}
