package dev.keyturn.server.portal.create;

import dev.keyturn.server.portal.frame.Visitor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a form says, by the names of its fields; or, before it was sent, what its address fills in. Anybody can send
 * somebody an address: so one says where something goes and what it belongs to, as links of the portal do, and never who
 * may do what with it. Immutable.
 */
record Typed(Map<String, String> values, boolean sent) {
    /** More than anybody types into one field but a policy. */
    private static final int LONGEST = 20_000;

    /** What an address fills in; of the key and the set a form says that the address named them. */
    private static final Set<String> LINKED =
            Set.of(ArmForm.GROUP, ArmForm.LOCATION, GroupForm.THEN, SetForm.KEY, VmForm.SET);

    Typed {
        values = Map.copyOf(values);
    }

    static Typed sent(Visitor visitor) {
        return new Typed(shortened(visitor.request().form()), true);
    }

    static Typed asked(Visitor visitor) {
        Map<String, String> filled = new HashMap<>(visitor.request().query());
        filled.keySet().retainAll(LINKED);
        return new Typed(shortened(filled), false);
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

    /** Whether the address that led to the form filled the field in. */
    boolean linked(String field) {
        return !sent && !text(field).isEmpty();
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
