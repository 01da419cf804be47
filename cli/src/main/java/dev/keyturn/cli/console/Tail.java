package dev.keyturn.cli.console;

import java.util.Arrays;

/**
 * Finds what is new in a window that moves over a growing text: each {@link #next} is given the newest bytes and returns
 * those that were not in the window before. Not thread-safe.
 */
public final class Tail {
    /** So few bytes in common may be chance, where they are not all that there was. */
    private static final int CHANCE = 32;

    private byte[] seen = new byte[0];
    private boolean gap;

    /** What is new since the last call; everything the first time, and where nothing of the last window is left. */
    public byte[] next(byte[] window) {
        int common = common(window);
        gap = common == 0 && seen.length > 0;
        seen = window.clone();
        return Arrays.copyOfRange(window, common, window.length);
    }

    /** Whether the last window had nothing of the one before: text was missed, or the log began anew. */
    public boolean gap() {
        return gap;
    }

    private int common(byte[] window) {
        if (window.length >= seen.length && Arrays.equals(window, 0, seen.length, seen, 0, seen.length)) {
            return seen.length; // nearly always
        }
        int overlap = overlap(window);
        return overlap < CHANCE && overlap < seen.length ? 0 : overlap;
    }

    /** How many bytes the longest end of {@link #seen} has that begins {@code window} (Knuth, Morris and Pratt). */
    private int overlap(byte[] window) {
        int[] border = borders(window);
        int matched = 0;
        for (byte b : seen) {
            while (matched > 0 && (matched == window.length || window[matched] != b)) {
                matched = border[matched - 1];
            }
            if (window.length > 0 && window[matched] == b) {
                matched++;
            }
        }
        return matched;
    }

    /** For each beginning of the text, the longest shorter beginning that also ends it. */
    private static int[] borders(byte[] text) {
        int[] border = new int[text.length];
        int matched = 0;
        for (int i = 1; i < text.length; i++) {
            while (matched > 0 && text[matched] != text[i]) {
                matched = border[matched - 1];
            }
            if (text[matched] == text[i]) {
                matched++;
            }
            border[i] = matched;
        }
        return border;
    }
}
