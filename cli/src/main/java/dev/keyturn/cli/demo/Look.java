package dev.keyturn.cli.demo;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What the place that is written to can show. Live progress and colours are for terminals alone, colours only without
 * NO_COLOR (no-color.org); signs beyond ASCII only where the character set has them.
 */
record Look(boolean live, boolean colour, boolean unicode, int width) {
    private static final int USUAL = 80;

    /** @param terminal whether standard output is one */
    static Look of(Map<String, String> environment, boolean terminal, Charset charset) {
        boolean able = terminal && !environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean noColour = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean unicode = charset.equals(StandardCharsets.UTF_8)
                || (charset.canEncode() && charset.newEncoder().canEncode("✓✗█"));
        return new Look(able, able && !noColour, unicode, width(environment.getOrDefault("COLUMNS", "")));
    }

    private static int width(String columns) {
        try {
            return Math.clamp(Integer.parseInt(columns), 40, 160);
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    String tick() {
        return unicode ? "✓" : "ok";
    }

    String cross() {
        return unicode ? "✗" : "FAILED";
    }

    String bold(String text) {
        return paint("1", text);
    }

    String dim(String text) {
        return paint("2", text);
    }

    String green(String text) {
        return paint("32", text);
    }

    String yellow(String text) {
        return paint("33", text);
    }

    String red(String text) {
        return paint("31", text);
    }

    private String paint(String code, String text) {
        return colour ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
