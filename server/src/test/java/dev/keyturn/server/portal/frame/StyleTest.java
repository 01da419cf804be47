package dev.keyturn.server.portal.frame;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The style holds to what docs/portal.md says of it ("The look"). */
class StyleTest {
    private static final Pattern SPACE = Pattern.compile("(?:margin|padding|gap)(?:-[a-z]+)?:([^;}]*)");
    private static final Pattern PIXELS = Pattern.compile("(\\d+(?:\\.\\d+)?)px");
    private static final Pattern FONT = Pattern.compile("font(?:-size)?:([^;}]*)");
    private static final Pattern COLOUR = Pattern.compile("#[0-9a-fA-F]{3,8}\\b");
    /** Where colours are named: the palette, and the hues of key versions. */
    private static final Pattern NAMED = Pattern.compile("--[a-z-]+: *#[0-9a-fA-F]{6};");

    private final String css = read();

    @Test
    void spaces_areStepsOfFourPixels() {
        assertThat(values(SPACE)
                        .filter(v ->
                                PIXELS.matcher(v).results().anyMatch(p -> Double.parseDouble(p.group(1)) % 4 != 0)))
                .isEmpty();
    }

    @Test
    void sizesOfType_areTheFourThatAreNamed() {
        assertThat(values(FONT)
                        .filter(v -> !v.equals(" inherit"))
                        .filter(v -> !v.matches(".*var\\(--(small|normal|large|huge)\\).*"))
                        .toList())
                .isEmpty();
        assertThat(Pattern.compile("--(small|normal|large|huge): [0-9.]+rem")
                        .matcher(css)
                        .results()
                        .toList())
                .hasSize(4);
    }

    @Test
    void colours_areNamedInThePalette() {
        assertThat(COLOUR.matcher(NAMED.matcher(css).replaceAll("")).results().map(MatchResult::group))
                .isEmpty();
        List<String> greys = List.of("raised", "line", "quiet", "ink");
        assertThat(greys).allSatisfy(g -> assertThat(css).contains("--" + g + ": #"));
    }

    private Stream<String> values(Pattern property) {
        return property.matcher(css).results().map(r -> r.group(1));
    }

    private static String read() {
        try (InputStream in = requireNonNull(StyleTest.class.getResourceAsStream("/portal/portal.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
