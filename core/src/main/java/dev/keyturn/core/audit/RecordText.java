package dev.keyturn.core.audit;

import java.util.stream.Collectors;

/** Text that a client had a say in, as it is recorded: of limited length, and the same after it was stored. */
final class RecordText {
    static final int LONGEST = 2_000;
    /** Of what a refused caller named: who may do nothing is not to fill the disk. */
    static final int LONGEST_REFUSED = 300;

    private RecordText() {}

    /** Control characters and broken pairs become '?'; what is too long is cut. */
    static String of(String text) {
        return of(text, LONGEST);
    }

    /** As {@link #of(String)}, for the place or target of something that ended so. */
    static String of(String text, Outcome outcome) {
        return of(text, outcome == Outcome.REFUSED ? LONGEST_REFUSED : LONGEST);
    }

    private static String of(String text, int longest) {
        return text.codePoints()
                .limit(longest)
                .map(c -> Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                        ? '?'
                        : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
