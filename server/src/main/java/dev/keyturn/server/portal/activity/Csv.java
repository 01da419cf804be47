package dev.keyturn.server.portal.activity;

import java.util.List;
import java.util.stream.Collectors;

/** Lines of comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula is made text. */
final class Csv {
    private static final String BEGINS_FORMULA = "=+-@\t\r";

    private Csv() {}

    static String line(List<String> cells) {
        return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\r\n";
    }

    private static String cell(String text) {
        String safe = !text.isEmpty() && BEGINS_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : "\"" + safe.replace("\"", "\"\"") + "\"";
    }
}
