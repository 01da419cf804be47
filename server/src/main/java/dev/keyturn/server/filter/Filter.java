package dev.keyturn.server.filter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A {@code $filter} as {@link FilterText#parse} reads it: well-formed, but nobody has said yet what its terms mean. */
public sealed interface Filter {
    /** All of them hold; at least two. */
    record All(List<Filter> parts) implements Filter {
        public All {
            parts = List.copyOf(parts);
        }
    }

    /** One of them holds, or several; at least two. */
    record Some(List<Filter> parts) implements Filter {
        public Some {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}

    /**
     * What a term is: {@code name eq 'value'}, {@code name ge 'value'}, {@code name le 'value'}, {@code name(arguments)},
     * {@code name/any(x:x eq 'value')}.
     */
    enum Form {
        EQUALS,
        AT_LEAST,
        AT_MOST,
        CALL,
        ANY
    }

    /** An argument: text in quotes, or the name of a field. */
    record Argument(String text, boolean quoted) {}

    /**
     * The smallest part. {@code name} is in lower case, because field names and functions compare without case; {@code
     * name ne 'value'} is a {@link Not} around an {@code EQUALS}. {@code at} is the place of its first character in the
     * text, from 1.
     */
    record Term(Form form, String name, List<Argument> arguments, int at) implements Filter {
        public Term {
            arguments = List.copyOf(arguments);
        }

        public boolean is(Form wanted, String wantedName) {
            return form == wanted && name.equals(wantedName.toLowerCase(Locale.ROOT));
        }

        /** The one quoted argument, as a comparison, an {@code any} and some calls have. */
        public Optional<String> value() {
            return arguments.size() == 1 && arguments.getFirst().quoted()
                    ? Optional.of(arguments.getFirst().text())
                    : Optional.empty();
        }

        /** The quoted argument where the other one, at the index, is the name of this field. */
        public Optional<String> valueWith(String field, int fieldIndex) {
            if (arguments.size() != 2) {
                return Optional.empty();
            }
            Argument named = arguments.get(fieldIndex);
            Argument value = arguments.get(1 - fieldIndex);
            return !named.quoted() && named.text().equalsIgnoreCase(field) && value.quoted()
                    ? Optional.of(value.text())
                    : Optional.empty();
        }
    }

    /** What the filter lets through, where {@code meaning} says it of a term, or refuses the term. */
    default <T> Predicate<T> test(Function<Term, Predicate<T>> meaning) {
        return switch (this) {
            case All all ->
                all.parts().stream()
                        .map(p -> p.test(meaning))
                        .reduce(Predicate::and)
                        .orElse(_ -> true);
            case Some some ->
                some.parts().stream()
                        .map(p -> p.test(meaning))
                        .reduce(Predicate::or)
                        .orElse(_ -> false);
            case Not not -> not.part().test(meaning).negate();
            case Term term -> meaning.apply(term);
        };
    }
}
