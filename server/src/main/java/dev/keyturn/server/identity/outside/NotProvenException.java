package dev.keyturn.server.identity.outside;

import dev.keyturn.core.outside.OutsideRefusal;
import java.util.Optional;

/** What came from the provider proves nobody, or not enough. The message says why, for the log, and names no secret. */
final class NotProvenException extends Exception {
    private static final long serialVersionUID = 1L;
    private final OutsideRefusal why;
    private final transient Optional<String> subject;

    NotProvenException(String message) {
        this(OutsideRefusal.ANSWER, message);
    }

    NotProvenException(OutsideRefusal why, String message) {
        this(why, message, Optional.empty());
    }

    NotProvenException(OutsideRefusal why, String message, Optional<String> subject) {
        super(message);
        this.why = why;
        this.subject = subject;
    }

    OutsideRefusal why() {
        return why;
    }

    /** Of whom it is, where that much was proven. */
    Optional<String> subject() {
        return subject;
    }
}
