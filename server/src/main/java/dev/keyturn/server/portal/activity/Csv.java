package dev.keyturn.server.portal.activity;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Lines of comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula is made text, also where
 * it splits at semicolons, as many do outside of English.
 */
final class Csv {
    private static final Pattern BEGINS_FORMULA = Pattern.compile("(^|;)(?=[=+\\-@\t\r])");

    private Csv() {}

    static String line(List<String> cells) {
        return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r\n";
    }

    private static String cell(String text) {
        String safe = BEGINS_FORMULA.matcher(text).replaceAll("$1'");
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
