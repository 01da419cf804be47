package dev.keyturn.core.people;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.Guid;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a person signs in as: 2 to 64 letters, digits and {@code . _ - + @}, with a letter or a digit first, so that an
 * e-mail address is one. Names that differ in case alone are the same name, and equal. No name looks like a program or
 * like the server where a record shows who did something: none is a GUID, and none {@code keyturn}. Immutable.
 */
public record SignInName(String text) {
    /** What a name must be, for a refusal. */
    public static final String FORM =
            "2 to 64 letters without accents, digits and . _ - + @, with a letter or a digit first; no GUID, and not Keyturn";

    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{1,63}");

    /** @throws IllegalArgumentException where it is no name; {@link #parse} tells before */
    public SignInName {
        if (!isName(text)) {
            throw new IllegalArgumentException("not a name to sign in with");
        }
    }

    public static Optional<SignInName> parse(String text) {
        return Optional.of(text).filter(SignInName::isName).map(SignInName::new);
    }

    private static boolean isName(String text) {
        return VALID.matcher(text).matches()
                && Guid.parse(text).isEmpty()
                && !text.equalsIgnoreCase(Call.SERVER.name());
    }

    /** The name as it compares. */
    public String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SignInName that && key().equals(that.key());
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
