package dev.keyturn.server;

import java.util.List;

/**
 * The server cannot start, for reasons that a person can mend: every one of them as one line. Whoever starts it prints
 * them and exits with status 2.
 */
public final class StartupException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<String> reasons;

    public StartupException(List<String> reasons) {
        super(String.join("\n", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }
}
