package dev.keyturn.core.model;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads GUIDs as RFC 9562, section 4, writes them: 8, 4, 4, 4 and 12 hexadecimal digits, in either case. {@link
 * UUID#fromString} takes any number of digits in each part, so that one id would have many spellings.
 */
public final class Guid {
    private static final Pattern FORM = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private Guid() {}

    /** Empty where the text is none. */
    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
