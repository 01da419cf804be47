package dev.keyturn.server.portal.create;

import java.util.ArrayList;
import java.util.List;

/**
 * One field of a form.
 *
 * @param name what it is sent as
 * @param kind {@code text}, {@code select}, {@code tick} or {@code hidden}
 * @param value what was typed or chosen; of a tick {@code on} or nothing
 * @param options of a select, what can be chosen; of a text, what is suggested
 * @param hint what would be right
 * @param problems what is wrong with the value
 */
public record Field(
        String name,
        String label,
        String kind,
        String value,
        List<Option> options,
        String hint,
        boolean required,
        List<String> problems) {
    public Field {
        options = List.copyOf(options);
        problems = List.copyOf(problems);
    }

    /** One that can be chosen. */
    public record Option(String value, String text) {
        static Option of(String value) {
            return new Option(value, value);
        }
    }

    static Field text(String name, String label, String value, String hint) {
        return new Field(name, label, "text", value, List.of(), hint, true, List.of());
    }

    static Field select(String name, String label, String value, List<Option> options, String hint) {
        return new Field(name, label, "select", value, options, hint, true, List.of());
    }

    /** A select; what is chosen is offered too where it is none of the options. */
    static Field chosen(String name, String label, String value, List<Option> options) {
        List<Option> all = new ArrayList<>(options);
        if (all.stream().noneMatch(o -> o.value().equalsIgnoreCase(value))) {
            all.add(Option.of(value));
        }
        return select(name, label, value, all, "");
    }

    static Field tick(String name, String label, boolean on, String hint) {
        return new Field(name, label, "tick", on ? "on" : "", List.of(), hint, false, List.of());
    }

    Field optional() {
        return new Field(name, label, kind, value, options, hint, false, problems);
    }

    /** A text with values that are suggested. */
    Field suggesting(List<Option> suggested) {
        return new Field(name, label, kind, value, suggested, hint, required, problems);
    }

    Field with(List<String> wrong) {
        return new Field(name, label, kind, value, options, hint, required, wrong);
    }

    public boolean on() {
        return !value.isEmpty();
    }

    /** Whether something is suggested to who types. */
    public boolean suggests() {
        return kind.equals("text") && !options.isEmpty();
    }
}
