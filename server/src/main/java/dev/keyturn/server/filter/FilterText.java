package dev.keyturn.server.filter;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.util.Optional;

/**
 * The text of a {@code $filter} and what the list that got it would understand. Whatever it does not understand it
 * refuses: a list that is longer than asked for is dangerous in a script that deletes.
 *
 * @param usage what would be right, as an enumeration of terms
 */
public record FilterText(String text, String usage) {
    private static final int EXCERPT = 40;

    /** Nothing where there is no filter or a blank one. */
    public static Optional<FilterText> of(Optional<String> text, String usage) {
        return text.filter(t -> !t.isBlank()).map(t -> new FilterText(t, usage));
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} that says where it is wrong and what would be right */
    public Filter parse() {
        return new FilterParser(this).parse();
    }

    /** For a term that is well-formed and means nothing to this list. */
    public RuntimeException refused(Filter.Term term) {
        return refused(term.at(), "this list does not know the term");
    }

    /** @param at the place, from 1 */
    public RuntimeException refused(int at, String why) {
        String rest = at > text.length() ? "" : text.substring(at - 1);
        String there = rest.isEmpty()
                ? "at its end"
                : "at character " + at + ", '" + rest.substring(0, Math.min(EXCERPT, rest.length()))
                        + (rest.length() > EXCERPT ? "..." : "") + "'";
        return new DomainError.Invalid(ErrorInfo.at(
                        "$filter",
                        "InvalidFilterInQueryString",
                        "The filter of the request is invalid " + there + ": " + why + ". It may be " + usage + "."))
                .asException();
    }
}
