package dev.keyturn.cli.demo;

import dev.keyturn.cli.CliException;
import java.util.List;

/** Something came out otherwise than the story says it must. */
final class StoryFailedException extends CliException {
    private static final long serialVersionUID = 1L;

    StoryFailedException(String what) {
        super(FAILED, List.of(what));
    }

    static void unless(boolean holds, String what) {
        if (!holds) {
            throw new StoryFailedException(what);
        }
    }
}
