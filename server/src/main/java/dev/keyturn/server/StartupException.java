package dev.keyturn.server;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.host.libvirt.HostUnusableException;
import dev.keyturn.keys.MasterKeyFileException;
import dev.keyturn.server.data.DataDirectoryException;
import dev.keyturn.store.engine.CannotOpenDatabaseException;
import java.io.IOException;
import java.nio.file.Path;
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

    /** What is told of something that ended a start; {@code directory} is the data directory. */
    static StartupException told(Exception e, Path directory) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case StartupException known -> known;
            case HostUnusableException unusable -> new StartupException(unusable.problems());
            case CannotOpenDatabaseException _, MasterKeyFileException _, DataDirectoryException _ ->
                new StartupException(List.of(message));
            case DomainException refused ->
                new StartupException(List.of(refused.error().info().message()));
            case IOException _ ->
                new StartupException(List.of("The data directory " + directory + " cannot be used: " + message));
            default -> { // a stored value that is none: a damaged row, most likely
                StartupException told = new StartupException(List.of("The server cannot start with the data directory "
                        + directory + ": " + message.lines().findFirst().orElse("")));
                told.initCause(e);
                yield told;
            }
        };
    }

    public List<String> reasons() {
        return reasons;
    }
}
