package dev.keyturn.server.graph;

import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.server.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code $filter} that clients send: {@code servicePrincipalNames/any(c:c eq 'APPID')}, {@code appId eq '...'},
 * {@code id eq '...'}, {@code displayName eq '...'}, {@code startswith(displayName,'...')}. Anything else is refused
 * rather than ignored: a list that is longer than asked for is a wrong answer.
 */
final class PrincipalFilter {
    private static final Pattern NAMES = Pattern.compile(
            "(?:servicePrincipalNames|identifierUris)/any\\(\\s*(\\w+)\\s*:\\s*\\1 eq '([^']{0,200})'\\s*\\)");
    private static final Pattern EQUALS = Pattern.compile("(appId|id|displayName) eq '([^']{0,200})'");
    private static final Pattern STARTS = Pattern.compile("startswith\\(displayName,\\s*'([^']{0,200})'\\)");

    private PrincipalFilter() {}

    static Predicate<Principal> of(Request request) {
        Optional<String> filter = request.query("$filter").map(String::strip);
        if (filter.isEmpty()) {
            return p -> true;
        }
        Matcher names = NAMES.matcher(filter.get());
        if (names.matches()) {
            return p -> p.appId().toString().equalsIgnoreCase(names.group(2));
        }
        Matcher equal = EQUALS.matcher(filter.get());
        if (equal.matches()) {
            String value = equal.group(2);
            return switch (equal.group(1)) {
                case "appId" -> p -> p.appId().toString().equalsIgnoreCase(value);
                case "id" -> p -> p.id().toString().equalsIgnoreCase(value);
                default -> p -> p.displayName().equalsIgnoreCase(value);
            };
        }
        Matcher starts = STARTS.matcher(filter.get());
        if (starts.matches()) {
            String prefix = starts.group(1).toLowerCase(Locale.ROOT);
            return p -> p.displayName().toLowerCase(Locale.ROOT).startsWith(prefix);
        }
        throw DomainError.invalid(
                        "$filter",
                        "'$filter' must be appId, id or displayName eq '...', startswith(displayName,'...') or"
                                + " servicePrincipalNames/any(c:c eq '...').")
                .asException();
    }
}
