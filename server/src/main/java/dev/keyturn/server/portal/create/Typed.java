package dev.keyturn.server.portal.create;

import dev.keyturn.server.portal.frame.Visitor;
import java.util.HashMap;
import java.util.Map;

/** What a form says, by the names of its fields; or, before it was sent, what its address fills in. Immutable. */
record Typed(Map<String, String> values, boolean sent) {
    /** More than anybody types into one field but a policy. */
    private static final int LONGEST = 20_000;

    Typed {
        values = Map.copyOf(values);
    }

    static Typed sent(Visitor visitor) {
        return new Typed(shortened(visitor.request().form()), true);
    }

    static Typed asked(Visitor visitor) {
        return new Typed(shortened(visitor.request().query()), false);
    }

    private static Map<String, String> shortened(Map<String, String> values) {
        Map<String, String> out = new HashMap<>();
        values.forEach((name, value) -> out.put(name, value.substring(0, Math.min(LONGEST, value.length()))));
        return out;
    }

    /** Without blanks around it; empty where nothing was typed. */
    String text(String field) {
        return values.getOrDefault(field, "").strip();
    }

    /** As {@link #text}; {@code fallback} as long as the form was not sent. */
    String text(String field, String fallback) {
        return values.containsKey(field) || sent ? text(field) : fallback;
    }

    /** Of a tick, which sends nothing where it is off. */
    boolean on(String field, boolean fallback) {
        return (sent || values.containsKey(field)) ? !text(field).isEmpty() : fallback;
    }

    Typed with(String field, String value) {
        Map<String, String> all = new HashMap<>(values);
        all.put(field, value);
        return new Typed(all, sent);
    }
}
