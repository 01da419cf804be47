package dev.keyturn.server.portal.search;

import java.util.List;

/**
 * What was found.
 *
 * @param words what could not be looked through, and what would allow it
 */
public record SearchPage(String q, List<Hit> hits, List<String> words) {
    public SearchPage {
        hits = List.copyOf(hits);
        words = List.copyOf(words);
    }

    /** Something that has a page. */
    public record Hit(String kind, String name, String group, String href) {}
}
