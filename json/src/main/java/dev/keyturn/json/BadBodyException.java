package dev.keyturn.json;

import java.util.List;

/** A body that is not what it should be: every wrong field with its path and what would be right. */
public final class BadBodyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient List<Problem> problems;

    /** {@code path} as in {@code properties.activeKey.keyUrl}; empty for the body as a whole. */
    public record Problem(String path, String message) {}

    public BadBodyException(String path, String message) {
        this(List.of(new Problem(path, message)));
    }

    public BadBodyException(List<Problem> problems) {
        super(problems.getFirst().message(), null, false, false);
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
