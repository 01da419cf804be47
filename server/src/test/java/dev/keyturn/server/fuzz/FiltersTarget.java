package dev.keyturn.server.fuzz;

import static dev.keyturn.server.fuzz.FuzzTarget.require;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.server.arm.ETags;
import dev.keyturn.server.filter.AssignmentFilter;
import dev.keyturn.server.filter.Filter;
import dev.keyturn.server.filter.FilterText;
import dev.keyturn.server.http.Page;
import dev.keyturn.server.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a list is asked for, a part a line: {@code $filter}, {@code $top}, {@code $skiptoken}, {@code If-Match}. Each is
 * refused as a bad request, or means what it says.
 */
final class FiltersTarget implements FuzzTarget {
    private static final int LONGEST = 4_000;

    @Override
    public void run(byte[] input) {
        List<String> parts = FuzzTarget.text(input).lines().toList();
        IntStream.range(0, parts.size()).forEach(i -> {
            String part = parts.get(i);
            switch (i) {
                case 0 -> filter(part);
                case 1 -> page(Map.of("$top", part));
                case 2 -> page(Map.of("$skiptoken", part));
                case 3 -> tags(part);
                default -> {}
            }
        });
    }

    private static void filter(String text) {
        answered(() -> AssignmentFilter.of(Optional.of(text)))
                .ifPresent(f -> f.principals().forEach(f::lets));
        Optional<FilterText> source = FilterText.of(Optional.of(text), "nothing");
        Optional<Filter> parsed = source.flatMap(t -> answered(t::parse));
        parsed.ifPresent(filter -> {
            String written = written(filter);
            if (written.length() <= LONGEST) {
                Filter again = new FilterText(written, "nothing").parse();
                require(written(again).equals(written), "read again it says another thing: " + written);
                // Whatever its terms mean, it says yes or no, and the opposite of its negation.
                boolean yes = filter.<String>test(t -> _ -> t.name().length() % 2 == 0)
                        .test("");
                boolean no = new Filter.Not(again)
                        .<String>test(t -> _ -> t.name().length() % 2 == 0)
                        .test("");
                require(yes != no, "what is not let through is let through as well");
            }
        });
    }

    private static String written(Filter filter) {
        return switch (filter) {
            case Filter.Some some ->
                some.parts().stream()
                        .map(p -> p instanceof Filter.Some ? "(" + written(p) + ")" : written(p))
                        .collect(Collectors.joining(" or "));
            case Filter.All all ->
                all.parts().stream()
                        .map(p -> p instanceof Filter.Some || p instanceof Filter.All
                                ? "(" + written(p) + ")"
                                : written(p))
                        .collect(Collectors.joining(" and "));
            case Filter.Not(Filter.Term term) -> "not " + written(term);
            case Filter.Not(Filter.Not(Filter.Term term))
            when term.form() == Filter.Form.EQUALS ->
                "not " + term.name() + " ne " + quoted(term.arguments().getFirst());
            case Filter.Not not -> "not (" + written(not.part()) + ")";
            case Filter.Term term ->
                switch (term.form()) {
                    case EQUALS ->
                        term.name() + " eq " + quoted(term.arguments().getFirst());
                    case AT_LEAST ->
                        term.name() + " ge " + quoted(term.arguments().getFirst());
                    case AT_MOST ->
                        term.name() + " le " + quoted(term.arguments().getFirst());
                    case ANY ->
                        term.name() + "/any(x:x eq " + quoted(term.arguments().getFirst()) + ")";
                    case CALL ->
                        term.name()
                                + term.arguments().stream()
                                        .map(a -> a.quoted() ? quoted(a) : a.text())
                                        .collect(Collectors.joining(",", "(", ")"));
                };
        };
    }

    private static String quoted(Filter.Argument argument) {
        return "'" + argument.text().replace("'", "''") + "'";
    }

    private static void page(Map<String, String> query) {
        answered(() -> Page.of(request(query, Map.of()))).ifPresent(page -> {
            require(page.size() >= 1 && page.size() <= 1_000, "a page of " + page.size());
            page.after().ifPresent(after -> {
                String token =
                        Base64.getUrlEncoder().withoutPadding().encodeToString(after.getBytes(StandardCharsets.UTF_8));
                require(
                        Page.of(request(Map.of("$skiptoken", token), Map.of()))
                                .after()
                                .filter(after::equals)
                                .isPresent(),
                        "the same place has another token");
                require(
                        token.equals(Optional.ofNullable(query.get("$skiptoken"))
                                .map(t -> t.replaceFirst("=+$", ""))
                                .orElse("")),
                        "a token that no list gave passes for one");
            });
        });
    }

    private static void tags(String header) {
        answered(() -> ETags.condition(request(Map.of(), Map.of("if-match", header, "if-none-match", header))))
                .flatMap(Precondition::ifMatch)
                .ifPresent(tags -> {
                    List<String> sent = List.of(header.split(",", -1)).stream()
                            .map(String::strip)
                            .toList();
                    require(tags.any() == sent.contains("*"), "'*' or not");
                    tags.values()
                            .forEach(value -> require(
                                    !value.matches("[0-9]+")
                                            || sent.stream()
                                                    .map(t -> t.startsWith("W/") ? t.substring(2) : t)
                                                    .anyMatch(Set.of(value, "\"" + value + "\"")::contains),
                                    "a tag stands for revision " + value + " that does not say so"));
                });
    }

    private static Request request(Map<String, String> query, Map<String, String> headers) {
        return new Request("GET", "keyturn.test", "/subscriptions", query, headers, new byte[0], Map.of());
    }

    /** Empty where it was refused, and that as a bad request. */
    private static <T> Optional<T> answered(Supplier<T> asked) {
        try {
            return Optional.of(asked.get());
        } catch (DomainException e) {
            require(e.error() instanceof DomainError.Invalid, "refused as " + e.error());
            require(!e.error().info().message().isBlank(), "a refusal says nothing");
            return Optional.empty();
        }
    }

    @Override
    public Set<String> words() {
        return Set.of(
                " eq ",
                " ne ",
                " and ",
                " or ",
                "not ",
                "/any(c:c eq ",
                "atScope()",
                "assignedTo('",
                "principalId",
                "resourceType",
                "tagName",
                "tagValue",
                "substringof(",
                "startswith(",
                "''",
                "W/\"",
                "\"12\"",
                "*");
    }
}
