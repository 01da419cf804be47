package dev.keyturn.core.people;

import dev.keyturn.core.model.Guid;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a group of people is called: 1 to 64 letters, digits, spaces and {@code . _ -}, with a letter or a digit first and
 * last. Names that differ in case alone are the same name, and equal. Immutable.
 */
public record GroupName(String text) {
    /** What a name must be, for a refusal. */
    public static final String FORM =
            "1 to 64 letters without accents, digits, spaces and . _ -, with a letter or a digit first and last; no GUID";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?");

    /** @throws IllegalArgumentException where it is no name; {@link #parse} tells before */
    public GroupName {
        if (!isName(text)) {
            throw new IllegalArgumentException("not a name of a group");
        }
    }

    public static Optional<GroupName> parse(String text) {
        return Optional.of(text).filter(GroupName::isName).map(GroupName::new);
    }

    private static boolean isName(String text) {
        return VALID.matcher(text).matches() && Guid.parse(text).isEmpty();
    }

    /** The name as it compares. */
    public String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupName that && key().equals(that.key());
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
