package dev.keyturn.server.arm.resource;

import dev.keyturn.core.model.Region;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.server.filter.Filter;
import dev.keyturn.server.filter.FilterText;
import dev.keyturn.server.http.Request;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@code $filter} of the resource lists. Where {@code tagName eq} and {@code tagValue eq} stand in one conjunction they
 * are about the same tag.
 *
 * @param type the only type that the filter lets through, where it names one, so that the list reads no other
 */
record ResourceFilter(Optional<String> type, Predicate<Resource> test) {
    private static final String USAGE = "made of the terms resourceType, resourceGroup, name, location, tagName or"
            + " tagValue eq or ne '<text>', substringof('<text>', name), substringof('<text>', resourceType),"
            + " startswith(name, '<text>') and startswith(tagName, '<text>'), joined by 'and', 'or', 'not'";

    static ResourceFilter of(Request request) {
        return FilterText.of(request.query("$filter"), USAGE)
                .map(ResourceFilter::parse)
                .orElseGet(() -> new ResourceFilter(Optional.empty(), _ -> true));
    }

    private static ResourceFilter parse(FilterText text) {
        Filter filter = text.parse();
        return new ResourceFilter(typeOf(filter), test(text, filter, Optional.empty()));
    }

    private static Optional<String> typeOf(Filter filter) {
        Stream<Filter> needed = filter instanceof Filter.All all ? all.parts().stream() : Stream.of(filter);
        return needed.flatMap(f -> equal(f, "resourceType").stream()).findFirst();
    }

    private static Optional<String> equal(Filter filter, String field) {
        return filter instanceof Filter.Term term && term.is(Filter.Form.EQUALS, field)
                ? term.value()
                : Optional.empty();
    }

    private static Predicate<Resource> test(FilterText text, Filter filter, Optional<String> tag) {
        return switch (filter) {
            case Filter.All all -> {
                Optional<String> named = all.parts().stream()
                        .flatMap(f -> equal(f, "tagName").stream())
                        .findFirst()
                        .or(() -> tag);
                yield all.parts().stream()
                        .map(f -> test(text, f, named))
                        .reduce(Predicate::and)
                        .orElse(_ -> true);
            }
            case Filter.Some some ->
                some.parts().stream()
                        .map(f -> test(text, f, tag))
                        .reduce(Predicate::or)
                        .orElse(_ -> false);
            case Filter.Not not -> test(text, not.part(), tag).negate();
            case Filter.Term term -> test(text, term, tag);
        };
    }

    private static Predicate<Resource> test(FilterText text, Filter.Term term, Optional<String> tag) {
        Optional<Predicate<Resource>> known = switch (term.form()) {
            case EQUALS -> term.value().flatMap(value -> equals(term.name(), value, tag));
            case CALL -> call(term);
            case ANY, AT_LEAST, AT_MOST -> Optional.empty();
        };
        return known.orElseThrow(() -> text.refused(term));
    }

    private static Optional<Predicate<Resource>> equals(String field, String value, Optional<String> tag) {
        return Optional.ofNullable(
                switch (field) {
                    case "resourcetype" -> r -> r.id().hasType(value);
                    case "resourcegroup" -> r -> r.id().resourceGroup().equalsIgnoreCase(value);
                    case "name" -> r -> r.id().name().equalsIgnoreCase(value);
                    case "location" -> r -> r.location().equals(new Region(value).name());
                    case "tagname" -> r -> r.tags().keySet().stream().anyMatch(t -> t.equalsIgnoreCase(value));
                    case "tagvalue" ->
                        r -> r.tags().entrySet().stream()
                                .anyMatch(t -> tag.map(n -> n.equalsIgnoreCase(t.getKey()))
                                                .orElse(true)
                                        && t.getValue().equals(value));
                    default -> null;
                });
    }

    private static Optional<Predicate<Resource>> call(Filter.Term term) {
        return switch (term.name()) {
            case "substringof" ->
                contains(term.valueWith("name", 1), r -> r.id().name())
                        .or(() -> contains(term.valueWith("resourceType", 1), r -> r.id().type()));
            case "startswith" ->
                term.valueWith("name", 0)
                        .<Predicate<Resource>>map(v -> r -> begins(r.id().name(), v))
                        .or(() -> term.valueWith("tagName", 0)
                                .map(v -> r -> r.tags().keySet().stream().anyMatch(t -> begins(t, v))));
            default -> Optional.empty();
        };
    }

    private static Optional<Predicate<Resource>> contains(Optional<String> part, Function<Resource, String> of) {
        return part.map(v -> v.toLowerCase(Locale.ROOT))
                .map(v -> r -> of.apply(r).toLowerCase(Locale.ROOT).contains(v));
    }

    private static boolean begins(String text, String with) {
        return text.regionMatches(true, 0, with, 0, with.length());
    }
}
