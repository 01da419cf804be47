package dev.keyturn.server.graph;

import dev.keyturn.core.identity.Principal;
import dev.keyturn.server.filter.Filter;
import dev.keyturn.server.filter.FilterText;
import dev.keyturn.server.http.Request;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code $filter} of the lists of service principals and applications. */
final class PrincipalFilter {
    private static final String USAGE = "appId, id or displayName eq '<text>', startswith(displayName,'<text>'),"
            + " servicePrincipalNames/any(c:c eq '<application id>') or the same with identifierUris, joined by 'and',"
            + " 'or', 'not'";

    private PrincipalFilter() {}

    static Predicate<Principal> of(Request request) {
        return FilterText.of(request.query("$filter"), USAGE)
                .map(text -> text.parse().test(term -> meaning(text, term)))
                .orElse(_ -> true);
    }

    private static Predicate<Principal> meaning(FilterText text, Filter.Term term) {
        Optional<Predicate<Principal>> known = switch (term.form()) {
            case EQUALS -> term.value().flatMap(value -> equals(term.name(), value));
            case ANY ->
                term.name().equals("serviceprincipalnames") || term.name().equals("identifieruris")
                        ? term.value().map(PrincipalFilter::application)
                        : Optional.empty();
            case CALL ->
                term.name().equals("startswith")
                        ? term.valueWith("displayName", 0).map(PrincipalFilter::named)
                        : Optional.empty();
            case AT_LEAST, AT_MOST -> Optional.empty();
        };
        return known.orElseThrow(() -> text.refused(term));
    }

    private static Optional<Predicate<Principal>> equals(String field, String value) {
        return switch (field) {
            case "appid" -> Optional.of(application(value));
            case "id" -> Optional.of(p -> p.id().toString().equalsIgnoreCase(value));
            case "displayname" -> Optional.of(p -> p.displayName().equalsIgnoreCase(value));
            default -> Optional.empty();
        };
    }

    private static Predicate<Principal> application(String id) {
        return p -> p.appId().toString().equalsIgnoreCase(id);
    }

    private static Predicate<Principal> named(String prefix) {
        return p -> p.displayName().regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
