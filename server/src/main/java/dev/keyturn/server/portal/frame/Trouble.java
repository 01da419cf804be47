package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.ErrorInfo;
import java.util.List;

/** An error as a page tells it: a sentence, and one for each thing that it is made of. */
public record Trouble(String message, List<String> details) {
    /** More than a person reads; how many there are the sentence says. */
    private static final int SHOWN = 200;

    public Trouble {
        details = List.copyOf(details);
    }

    public static Trouble of(ErrorInfo error) {
        return new Trouble(
                error.message(),
                error.details().stream().limit(SHOWN).map(ErrorInfo::message).toList());
    }
}
