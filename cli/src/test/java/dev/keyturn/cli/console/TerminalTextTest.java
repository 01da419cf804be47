package dev.keyturn.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TerminalTextTest {
    private static String shown(String written) {
        return new TerminalText().next(written.getBytes(StandardCharsets.UTF_8));
    }

    static List<Arguments> writtenAndLeft() {
        return List.of(
                Arguments.of("plain\ttext\r\n", "plain\ttext\n"),
                Arguments.of("a\033[2J\033[01;01H\033[=3hb", "ab"),
                Arguments.of("a\033[38;5;196mred\033[0m", "ared"),
                Arguments.of("a\033]0;a title\007b", "ab"),
                Arguments.of("a\033]52;c;ZXZpbA==\033\\b", "ab"),
                Arguments.of("a\033Pq#0;2\033\\b", "ab"),
                Arguments.of("a\033cb\033(0c\0337d", "abcd"),
                Arguments.of("a\033\033[31mb", "ab"),
                Arguments.of("a\u009b31mb\u009d0;t\u009cc\u0090x\007d", "abcd"),
                Arguments.of("a\0\007\b\013\f\016\177b\u0085c", "abc"),
                Arguments.of("gäste ✓ 𝄞", "gäste ✓ 𝄞"),
                Arguments.of("a\u202eb\u2066c\u200bd\u2028e", "abcde"),
                Arguments.of("a\033]0;never ended\nnext\033[31\nlast", "a\nnext\nlast"));
    }

    @ParameterizedTest
    @MethodSource("writtenAndLeft")
    void onlyWhatShows_isLeft(String written, String left) {
        assertThat(shown(written)).isEqualTo(left);
    }

    @Test
    void bytesThatAreNoText_areShownAsReplaced() {
        assertThat(new TerminalText().next(new byte[] {'a', (byte) 0xff, 'b'})).isEqualTo("a\ufffdb");
    }

    @Test
    void whatIsSplitBetweenCalls_isTheSame() {
        byte[] written = "ä\033[31;1m✓\033]0;t\007𝄞\033[0m\r\nz".getBytes(StandardCharsets.UTF_8);
        TerminalText text = new TerminalText();
        StringBuilder out = new StringBuilder();
        for (byte b : written) {
            out.append(text.next(new byte[] {b}));
        }
        assertThat(out).hasToString("ä✓𝄞\nz");
    }

    @Test
    void anyBytes_leaveNoControlCharacter() {
        Random random = new Random(3);
        TerminalText text = new TerminalText();
        String alphabet = "\033[]P\\;0mH\007\n\tax\u009b\u009d";
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[50];
            random.nextBytes(bytes);
            StringBuilder likely = new StringBuilder();
            for (int j = 0; j < 50; j++) {
                likely.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String out = text.next(bytes) + text.next(likely.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(out.codePoints().filter(c -> c != '\n' && c != '\t')).noneMatch(Character::isISOControl);
        }
    }
}
