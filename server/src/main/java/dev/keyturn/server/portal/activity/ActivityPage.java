package dev.keyturn.server.portal.activity;

import java.util.List;
import java.util.Optional;

/**
 * Some records, newest first.
 *
 * @param problems what is wrong with what was asked for
 * @param first whether these are the newest
 * @param next the address of older ones
 */
public record ActivityPage(
        ActivityFields asked,
        List<ActivityLine> lines,
        List<String> problems,
        boolean first,
        Optional<String> next,
        String csv,
        String json) {
    public ActivityPage {
        lines = List.copyOf(lines);
        problems = List.copyOf(problems);
    }
}
