package dev.keyturn.server.arm.audit;

import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.Guid;
import dev.keyturn.server.filter.Filter;
import dev.keyturn.server.filter.Filter.Form;
import dev.keyturn.server.filter.FilterText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code $filter} of the activity log: terms joined by {@code and}, as Azure has them. The begin of the time is needed,
 * as there.
 */
final class ActivityFilter {
    private static final String USAGE = "eventTimestamp ge '<time>', with any of: eventTimestamp le '<time>',"
            + " resourceGroupName eq '<name>', resourceUri (or resourceId) eq '<id>', resourceProvider eq '<namespace>',"
            + " correlationId eq '<guid>', caller eq '<object id or name>', status eq 'Succeeded' or 'Failed'; all of"
            + " them joined by 'and', each once";
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z]+\\.[A-Za-z.]+");
    private static final Pattern GROUP = Pattern.compile("[^/]{1,90}");

    private final FilterText text;
    private final Scope subscription;
    private AuditQuery query;

    private ActivityFilter(FilterText text, Scope subscription) {
        this.text = text;
        this.subscription = subscription;
        this.query = AuditQuery.ALL.inside(subscription).leavingOutKeys();
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} for what is not understood, or no begin */
    static AuditQuery parse(Optional<String> given, Scope subscription) {
        FilterText text = FilterText.of(given, USAGE)
                .orElseThrow(() -> DomainError.invalid("$filter", "'$filter' is required. It may be " + USAGE + ".")
                        .asException());
        return new ActivityFilter(text, subscription).read();
    }

    private AuditQuery read() {
        Filter filter = text.parse();
        List<Filter> parts = filter instanceof Filter.All all ? all.parts() : List.of(filter);
        List<String> seen = new ArrayList<>();
        for (Filter part : parts) {
            if (!(part instanceof Filter.Term term)) {
                throw text.refused(1, "only 'and' joins terms of this list");
            }
            String kind = term.name().equals("resourceid") ? "resourceuri" : term.name();
            if (seen.contains(kind + term.form())) {
                throw text.refused(term.at(), "it says the same thing twice");
            }
            seen.add(kind + term.form());
            add(term);
        }
        if (query.from().isEmpty()) {
            throw text.refused(1, "it must say since when");
        }
        return query;
    }

    private void add(Filter.Term term) {
        String value = term.value().orElseThrow(() -> text.refused(term));
        if (term.is(Form.AT_LEAST, "eventTimestamp")) {
            query = query.since(Times.parse(value).orElseThrow(() -> time(term)));
        } else if (term.is(Form.AT_MOST, "eventTimestamp")) {
            query = query.to(Times.parse(value).orElseThrow(() -> time(term)));
        } else if (term.is(Form.EQUALS, "resourceGroupName")
                && GROUP.matcher(value).matches()) {
            query = query.inside(resource(term, subscription + "/resourceGroups/" + value));
        } else if (term.is(Form.EQUALS, "resourceUri") || term.is(Form.EQUALS, "resourceId")) {
            query = query.at(resource(term, value));
        } else if (term.is(Form.EQUALS, "resourceProvider")
                && NAMESPACE.matcher(value).matches()) {
            query = query.action(value + "/");
        } else if (term.is(Form.EQUALS, "correlationId")) {
            query = query.of(Guid.parse(value)
                    .orElseThrow(() -> text.refused(term.at(), "a correlation id is a GUID in quotes")));
        } else if (term.is(Form.EQUALS, "caller")) {
            query = query.by(value);
        } else if (term.is(Form.EQUALS, "status")) {
            query = query.ended(
                    switch (value.toLowerCase(Locale.ROOT)) {
                        case "succeeded" -> List.of(Outcome.ALLOWED);
                        case "failed" -> List.of(Outcome.REFUSED, Outcome.FAILED);
                        default -> throw text.refused(term.at(), "a status is 'Succeeded' or 'Failed'");
                    });
        } else {
            throw text.refused(term);
        }
    }

    private Scope resource(Filter.Term term, String value) {
        return ArmId.parse(value)
                .map(Scope::of)
                .orElseThrow(() -> text.refused(
                        term.at(), "it is no id: " + ArmId.problem(value).orElse("")));
    }

    private RuntimeException time(Filter.Term term) {
        return text.refused(term.at(), "a time is ISO 8601, such as '2026-03-01T10:00:00Z'");
    }
}
