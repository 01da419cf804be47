package dev.keyturn.server.arm.resource;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.server.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code $filter} of the resource lists: clauses joined by {@code and}, each {@code field eq 'value'} or {@code field
 * ne 'value'}, or {@code substringof('text', name)}. Anything else is refused rather than ignored, because a list that
 * is longer than asked for is dangerous in a script that deletes.
 */
record ResourceFilter(Optional<String> type, Predicate<Resource> test) {
    private static final Pattern CLAUSE = Pattern.compile(
            "\\s*(?:([A-Za-z]+)\\s+(eq|ne)\\s+'((?:[^']|'')*)'"
                    + "|substringof\\(\\s*'((?:[^']|'')*)'\\s*,\\s*(?:name|resourceType)\\s*\\))\\s*",
            Pattern.CASE_INSENSITIVE);

    static ResourceFilter of(Request request) {
        Optional<String> text = request.query("$filter").filter(f -> !f.isBlank());
        return text.map(ResourceFilter::parse).orElseGet(() -> new ResourceFilter(Optional.empty(), _ -> true));
    }

    private static ResourceFilter parse(String text) {
        Optional<String> type = Optional.empty();
        Predicate<Resource> all = _ -> true;
        Optional<String> tagName = Optional.empty();
        for (String part : text.split("(?i)\\s+and\\s+(?=(?:[^']*'[^']*')*[^']*$)", -1)) {
            Matcher m = CLAUSE.matcher(part);
            if (!m.matches()) {
                throw refused("the clause '" + part.strip() + "' is not understood");
            }
            if (m.group(1) == null) {
                String sought = unquote(m.group(4)).toLowerCase(Locale.ROOT);
                boolean byType = part.toLowerCase(Locale.ROOT).contains("resourcetype");
                all = all.and(r -> (byType ? r.id().type() : r.id().name())
                        .toLowerCase(Locale.ROOT)
                        .contains(sought));
                continue;
            }
            String field = m.group(1).toLowerCase(Locale.ROOT);
            String value = unquote(m.group(3));
            boolean equal = m.group(2).equalsIgnoreCase("eq");
            if (field.equals("resourcetype") && equal) {
                type = Optional.of(value);
            }
            tagName = field.equals("tagname") ? Optional.of(value) : tagName;
            Predicate<Resource> clause = clause(field, value, tagName);
            all = all.and(equal ? clause : clause.negate());
        }
        return new ResourceFilter(type, all);
    }

    private static Predicate<Resource> clause(String field, String value, Optional<String> tagName) {
        return switch (field) {
            case "resourcetype" -> r -> r.id().hasType(value);
            case "resourcegroup" -> r -> r.id().resourceGroup().equalsIgnoreCase(value);
            case "name" -> r -> r.id().name().equalsIgnoreCase(value);
            case "location" -> r -> r.location().equals(new Region(value).name());
            case "tagname" -> r -> r.tags().keySet().stream().anyMatch(t -> t.equalsIgnoreCase(value));
            case "tagvalue" ->
                r -> r.tags().entrySet().stream()
                        .anyMatch(t ->
                                tagName.map(n -> n.equalsIgnoreCase(t.getKey())).orElse(true)
                                        && t.getValue().equals(value));
            default ->
                throw refused("the field '" + field
                        + "' is not one of resourceType, resourceGroup, name, location, tagName, tagValue");
        };
    }

    private static String unquote(String text) {
        return text.replace("''", "'");
    }

    private static RuntimeException refused(String why) {
        return new DomainError.Invalid(ErrorInfo.at(
                        "$filter", "InvalidFilterInQueryString", "The filter of the request is invalid: " + why + "."))
                .asException();
    }
}
