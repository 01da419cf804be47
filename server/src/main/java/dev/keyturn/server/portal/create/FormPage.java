package dev.keyturn.server.portal.create;

import java.util.List;
import java.util.Optional;

/**
 * A form that makes something.
 *
 * @param here the entry of the navigation that it belongs to
 * @param inside where it is below that, from the outside in
 * @param back where somebody goes who leaves it
 * @param action where it leads to; with {@code /check} behind it, where it is checked while somebody types
 * @param words what is made, in a sentence or two
 * @param problems what is wrong, and is wrong with no single field
 * @param aside what has to be there first, and where that is made
 */
public record FormPage(
        String title,
        String button,
        String here,
        String hereTitle,
        List<Crumb> inside,
        String back,
        String action,
        List<String> words,
        List<Field> fields,
        List<String> problems,
        Optional<Aside> aside) {
    public FormPage {
        inside = List.copyOf(inside);
        words = List.copyOf(words);
        fields = List.copyOf(fields);
        problems = List.copyOf(problems);
    }

    /** A page that the form belongs to. */
    public record Crumb(String text, String href) {}

    /** A way to what has to be there first. */
    public record Aside(String text, String link, String href) {}

    /** The number of things that are wrong. */
    public int wrong() {
        return problems.size()
                + fields.stream().mapToInt(f -> f.problems().size()).sum();
    }
}
