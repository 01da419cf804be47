package dev.keyturn.server.portal.activity;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.server.arm.audit.Times;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.portal.frame.Links;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the activity log is asked for, as its address and its form say it. A field that is empty asks for nothing.
 *
 * @param values by the names of {@link #NAMES}
 */
public record ActivityFields(Map<String, String> values) {
    /** With uses of keys, for who may read the whole record. */
    public static final String KEYS = "keys";

    private static final List<String> NAMES =
            List.of("since", "until", "caller", "action", "resource", "group", "outcome", "correlation", KEYS);
    private static final int LONGEST = 400;

    public ActivityFields {
        values = Map.copyOf(values);
    }

    static ActivityFields of(Request request) {
        Map<String, String> values = new LinkedHashMap<>();
        NAMES.forEach(n -> values.put(n, request.query(n).map(String::strip).orElse("")));
        return new ActivityFields(values);
    }

    public String get(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean withKeys() {
        return !get(KEYS).isEmpty();
    }

    /** Whether it is asked for by something that people filter by seldom. */
    public boolean more() {
        return Stream.of("action", "resource", "group", "correlation", KEYS).anyMatch(n -> !get(n).isEmpty());
    }

    public boolean isEmpty() {
        return values.values().stream().allMatch(String::isEmpty);
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} with all that is wrong */
    AuditQuery query(Scope subscription) {
        List<ErrorInfo> wrong = new ArrayList<>();
        AuditQuery[] query = {
            withKeys() ? AuditQuery.ALL : AuditQuery.ALL.inside(subscription).leavingOutKeys()
        };
        given(
                "since",
                wrong,
                "a time, such as 2026-03-01T10:00, or a day",
                v -> time(v, t -> query[0] = query[0].since(t)));
        given(
                "until",
                wrong,
                "a time, such as 2026-03-01T10:00, or a day",
                v -> time(v, t -> query[0] = query[0].to(t)));
        given(
                "caller",
                wrong,
                "at most " + LONGEST + " characters",
                v -> take(brief(v), t -> query[0] = query[0].by(t)));
        given(
                "action",
                wrong,
                "at most " + LONGEST + " characters",
                v -> take(brief(v), t -> query[0] = query[0].action(t)));
        given(
                "group",
                wrong,
                "the name of a resource group",
                v -> take(
                        Optional.of(v)
                                .filter(g -> g.indexOf('/') < 0)
                                .flatMap(g -> ArmId.parse(subscription.path() + "/resourceGroups/" + g)),
                        g -> query[0] = query[0].inside(Scope.of(g))));
        given(
                "resource",
                wrong,
                "the id of a resource, from /subscriptions/ on",
                v -> take(ArmId.parse(v), r -> query[0] = query[0].inside(Scope.of(r))));
        given(
                "outcome",
                wrong,
                "allowed, refused or failed",
                v -> take(
                        Stream.of(Outcome.values())
                                .filter(o -> o.name().equals(v.toUpperCase(Locale.ROOT)))
                                .findFirst(),
                        o -> query[0] = query[0].ended(List.of(o))));
        given("correlation", wrong, "a GUID", v -> take(Guid.parse(v), g -> query[0] = query[0].of(g)));
        if (!get("group").isEmpty() && !get("resource").isEmpty()) {
            wrong.add(DomainError.field("group", "Give a group or a resource: the resource is in one already."));
        }
        if (!wrong.isEmpty()) {
            throw DomainError.invalid(wrong).asException();
        }
        return query[0];
    }

    /** Whether a value is what it should be, and was taken. */
    @FunctionalInterface
    private interface Taking {
        boolean taken(String value);
    }

    private void given(String name, List<ErrorInfo> wrong, String right, Taking taking) {
        String value = get(name);
        if (!value.isEmpty() && !taking.taken(value)) {
            wrong.add(DomainError.field(name, "'" + name + "' must be " + right + "."));
        }
    }

    private static boolean time(String value, Consumer<Instant> to) {
        return take(Times.parse(value), to);
    }

    private static <T> boolean take(Optional<T> value, Consumer<T> to) {
        value.ifPresent(to);
        return value.isPresent();
    }

    private static Optional<String> brief(String value) {
        return Optional.of(value).filter(v -> v.length() <= LONGEST);
    }

    /** The address of the page at {@code path} with these fields and more pairs of a name and a value. */
    String address(String path, String... more) {
        List<String> all = new ArrayList<>();
        NAMES.stream().filter(n -> !get(n).isEmpty()).forEach(n -> all.add(n + "=" + Links.part(get(n))));
        for (int i = 0; i < more.length; i += 2) {
            all.add(more[i] + "=" + Links.part(more[i + 1]));
        }
        return path + (all.isEmpty() ? "" : "?" + String.join("&", all));
    }
}
