package dev.keyturn.core.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a password must be, and how one is made for somebody. */
public final class Passwords {
    /** Fewest characters. */
    public static final int SHORTEST = 12;
    /** Most characters. */
    public static final int LONGEST = 200;

    /** Without those that look like another. */
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";

    private static final int GROUPS = 5;
    private static final int GROUP = 5;

    private Passwords() {}

    /** 25 characters in groups of five: about 123 random bits. */
    public static String random(SecureRandom random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                text.append('-');
            }
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    /** @throws dev.keyturn.core.model.DomainException {@code Invalid} with everything that is wrong with it */
    static void require(SignInName name, String password, String field) {
        List<ErrorInfo> problems = new ArrayList<>();
        if (password.length() < SHORTEST || password.length() > LONGEST) {
            problems.add(DomainError.field(
                    field,
                    "A password has " + SHORTEST + " to " + LONGEST + " characters; this one has " + password.length()
                            + "."));
        }
        if (password.toLowerCase(Locale.ROOT).contains(name.key())) {
            problems.add(DomainError.field(field, "A password must not contain the name that one signs in with."));
        }
        if (password.chars().distinct().count() < 5) {
            problems.add(DomainError.field(field, "A password has at least five different characters."));
        }
        if (!problems.isEmpty()) {
            throw DomainError.invalid(problems).asException();
        }
    }
}
