package dev.keyturn.acceptance.browser;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * axe-core, which judges all of WCAG 2.2 A and AA that a program can. Deque's own binding looks into frames, which the
 * portal has none of, and takes five times as long.
 */
final class Axe {
    private static final String RUN = """
            () => axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag',
              values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']}})
              .then(r => r.violations.map(v => v.id + ': ' + v.help + ': ' + v.nodes.map(n => n.html).join(' and ')))""";

    private final String script;

    Axe() {
        try (InputStream in = Optional.ofNullable(AxeBuilder.class.getResourceAsStream("/axe.min.js"))
                .orElseThrow()) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it finds on the page as it is now, with the elements. */
    List<String> violations(Page page) {
        if (!Boolean.TRUE.equals(page.evaluate("() => typeof axe === 'object'"))) {
            page.evaluate(script + "; 0");
        }
        return ((List<?>) page.evaluate(RUN)).stream().map(String::valueOf).toList();
    }
}
