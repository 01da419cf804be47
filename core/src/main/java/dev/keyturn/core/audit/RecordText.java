package dev.keyturn.core.audit;

import java.util.stream.Collectors;

/** Text that a client had a say in, as it is recorded: of limited length, and the same after it was stored. */
final class RecordText {
    static final int LONGEST = 2_000;

    private RecordText() {}

    /** Control characters and broken pairs become '?'; what is too long is cut. */
    static String of(String text) {
        return text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.isISOControl(c) || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                        ? '?'
                        : c)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
