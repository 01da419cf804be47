package dev.keyturn.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** One thing that takes what anybody sends. Not thread-safe; one instance takes many inputs. */
public interface FuzzTarget extends AutoCloseable {
    /**
     * Returns where everything holds that must hold of any input, refusals included; throws whatever it likes where
     * something does not.
     */
    void run(byte[] input) throws Exception;

    /** Words that inputs are likely to be made of. */
    default Set<String> words() {
        return Set.of();
    }

    @Override
    default void close() {}

    /** Fails the input. */
    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The text of the input; what is no UTF-8 becomes the replacement character. */
    static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /** The text with its plain letters in the other case. */
    static String inOtherLetters(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            out.append(letter ? (char) (c ^ 0x20) : c);
        }
        return out.toString();
    }
}
