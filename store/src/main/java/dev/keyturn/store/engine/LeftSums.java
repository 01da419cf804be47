package dev.keyturn.store.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a database, compared with what the last server left of their sums. Immutable.
 *
 * @param now the sums of what is there
 * @param problem in words what is not as it was left; empty too where nothing was
 */
public record LeftSums(DatabaseSums now, Optional<String> problem) {
    /** The files that sums are kept in: all of them, and what was added since. */
    public static final List<String> NAMES = List.of(PageSums.BASE, PageSums.ADDED);

    /**
     * Reads the whole file, which nobody may have open.
     *
     * @param mark the database's when the sums were written, where {@code closed}; else they may be of an earlier one
     * @param closed whether the server stopped in an orderly way
     */
    public static LeftSums look(Path directory, long mark, boolean closed) throws IOException {
        DatabaseSums now = DatabaseSums.ofFile(directory);
        Optional<PageSums.Left> left = PageSums.Left.in(directory, mark, closed);
        if (left.isEmpty()) {
            return new LeftSums(now, Optional.empty());
        }
        Set<Integer> logged = new HashSet<>();
        if (DatabaseFiles.hasLog(directory)) {
            Optional<LogFile.Reach> end = left.get().end();
            try (LogFile log = new LogFile(directory.resolve(DatabaseFiles.NAMES.get(1)))) {
                log.follow((page, _) -> logged.add(page));
                if (end.isPresent() && !log.reach().holds(end.get())) {
                    return new LeftSums(now, Optional.of(log(log.reach(), end.get())));
                }
            }
        }
        String since = closed ? "the server stopped" : "the server wrote it";
        return new LeftSums(now, left.get().sums().difference(now, directory, logged, since));
    }

    private static String log(LogFile.Reach is, LogFile.Reach was) {
        String file = DatabaseFiles.NAMES.get(1);
        return is.salt() == was.salt() && is.nonce() == was.nonce()
                ? "only " + is.frames() + " of the " + was.frames() + " pages in the log " + file + " can be read"
                : "the log " + file + " is an earlier one, or its beginning cannot be read";
    }
}
