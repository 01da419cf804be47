package dev.keyturn.store.migrate;

import java.util.List;

/** A copy cannot be made, or is not whole: every reason that is known, one sentence each. */
public final class CopyException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<String> reasons;

    CopyException(List<String> reasons) {
        super(String.join(" ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    CopyException(String reason) {
        this(List.of(reason));
    }

    CopyException(String reason, Throwable cause) {
        this(reason);
        initCause(cause);
    }

    public List<String> reasons() {
        return reasons;
    }
}
