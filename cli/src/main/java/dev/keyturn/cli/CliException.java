package dev.keyturn.cli;

import java.util.List;

/** What a person did or met that ends a command: shown as plain lines, without a stack trace. */
public class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The command was understood, and did not succeed. */
    public static final int FAILED = 1;
    /** It could not begin: a bad option, a taken port, a directory in use. */
    public static final int USAGE = 2;

    private final int status;
    private final transient List<String> lines;

    public CliException(int status, List<String> lines) {
        super(String.join("; ", lines));
        this.status = status;
        this.lines = List.copyOf(lines);
    }

    public static CliException failed(String line) {
        return new CliException(FAILED, List.of(line));
    }

    public static CliException failed(String line, Throwable cause) {
        CliException e = failed(line);
        e.initCause(cause);
        return e;
    }

    public static CliException usage(String line) {
        return new CliException(USAGE, List.of(line));
    }

    public int status() {
        return status;
    }

    public List<String> lines() {
        return lines;
    }
}
