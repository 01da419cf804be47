package dev.keyturn.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TailTest {
    private final Tail tail = new Tail();

    private String next(String window) {
        return new String(tail.next(window.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.US_ASCII);
    }

    @Test
    void growingText_isGivenOnce() {
        assertThat(next("")).isEmpty();
        assertThat(next("boot")).isEqualTo("boot");
        assertThat(next("boot")).isEmpty();
        assertThat(next("boot\nlogin:")).isEqualTo("\nlogin:");
        assertThat(tail.gap()).isFalse();
    }

    @Test
    void repeatedText_isNotTakenForOld() {
        assertThat(next("aaaa")).isEqualTo("aaaa");
        assertThat(next("aaaaaa")).isEqualTo("aa");
    }

    @Test
    void windowThatMovesOnOverALongText_givesEveryByteOnce() {
        byte[] all = new byte[200_000];
        new Random(7).nextBytes(all);
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (all[i] & 1); // two letters alone, so that beginnings repeat often
        }
        int window = 5_000;
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        Random steps = new Random(8);
        int end = 1;
        while (end < all.length) {
            shown.writeBytes(tail.next(Arrays.copyOfRange(all, Math.max(0, end - window), end)));
            assertThat(tail.gap()).isFalse();
            end = Math.min(all.length, end + 1 + steps.nextInt(4_000));
        }
        shown.writeBytes(tail.next(Arrays.copyOfRange(all, all.length - window, all.length)));
        assertThat(shown.toByteArray()).isEqualTo(all);
    }

    @Test
    void windowWithNothingOfTheLast_isGivenWhole_andIsAGap() {
        String first = next("x".repeat(100) + "the end\n");
        assertThat(first).hasSize(108);
        assertThat(next("\nanother boot")).isEqualTo("\nanother boot");
        assertThat(tail.gap()).isTrue();
        assertThat(next("\nanother boot goes on")).isEqualTo(" goes on");
        assertThat(tail.gap()).isFalse();
    }
}
