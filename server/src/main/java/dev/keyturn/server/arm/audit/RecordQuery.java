package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Guid;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.server.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What is asked of {@code /keyturn/audit}, from the parameters of the request; all that is wrong with it at once. */
final class RecordQuery {
    private static final Set<String> PAGING = Set.of("api-version", "$top", "$skiptoken");
    private static final List<String> NAMES =
            List.of("keyVersion", "target", "scope", "since", "until", "caller", "action", "correlation", "outcome");

    private final List<ErrorInfo> problems = new ArrayList<>();
    private AuditQuery query = AuditQuery.ALL;

    private RecordQuery() {}

    static AuditQuery of(Request request) {
        RecordQuery it = new RecordQuery();
        for (Map.Entry<String, String> e : request.query().entrySet()) {
            if (!PAGING.contains(e.getKey())) {
                it.add(e.getKey(), e.getValue());
            }
        }
        if (request.query("keyVersion").isPresent() && request.query("target").isPresent()) {
            it.problem("target", "'target' and 'keyVersion' say the same thing. Give one.");
        }
        if (!it.problems.isEmpty()) {
            throw DomainError.invalid(it.problems).asException();
        }
        return it.query;
    }

    private void add(String name, String value) {
        switch (name) {
            case "keyversion" ->
                KeyId.parse(value)
                        .ifPresentOrElse(
                                k -> query = query.onTarget(k.reference()),
                                () -> problem(
                                        "keyVersion",
                                        "'keyVersion' must be the URL of a key version:"
                                                + " https://VAULT/keys/NAME/VERSION."));
            case "target" ->
                query = query.onTarget(KeyId.parse(value).map(KeyId::reference).orElse(value));
            case "scope" ->
                scope(value)
                        .ifPresentOrElse(
                                s -> query = query.inside(s),
                                () -> problem(
                                        "scope",
                                        "'scope' must be an id of Azure, or /hsm/NAME for the inside of a"
                                                + " managed HSM."));
            case "since" -> Times.parse(value).ifPresentOrElse(t -> query = query.since(t), () -> time("since"));
            case "until" -> Times.parse(value).ifPresentOrElse(t -> query = query.to(t), () -> time("until"));
            case "caller" -> query = query.by(value);
            case "action" -> query = query.action(value);
            case "correlation" ->
                Guid.parse(value)
                        .ifPresentOrElse(
                                id -> query = query.of(id),
                                () -> problem("correlation", "'correlation' must be a GUID."));
            case "outcome" ->
                Stream.of(Outcome.values())
                        .filter(o -> o.name().equals(value.toUpperCase(Locale.ROOT)))
                        .findFirst()
                        .ifPresentOrElse(
                                o -> query = query.ended(List.of(o)),
                                () -> problem("outcome", "'outcome' must be allowed, refused or failed."));
            default ->
                problem(
                        clip(name),
                        "There is no parameter '" + clip(name) + "'. There are " + String.join(", ", NAMES) + ".");
        }
    }

    private static Optional<Scope> scope(String value) {
        boolean hsm = value.toLowerCase(Locale.ROOT).startsWith("/hsm/");
        return hsm ? Optional.of(new Scope(value)) : ArmId.parse(value).map(Scope::of);
    }

    private void time(String name) {
        problem(name, "'" + name + "' must be a time, such as 2026-03-01T10:00:00Z, or a day.");
    }

    private void problem(String name, String what) {
        problems.add(DomainError.field(name, what));
    }

    private static String clip(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
