package dev.keyturn.cli;

import dev.keyturn.server.database.DatabaseChoice;
import dev.keyturn.server.database.DatabaseOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say where the server keeps what it knows. */
final class DatabaseMixin {
    @Option(
            names = "--database",
            paramLabel = "KIND",
            description = {
                "embedded (default): in the data directory. postgresql://USER@HOST:PORT/NAME: on PostgreSQL, over TLS unless",
                "HOST is this machine (?sslmode=verify-full|disable, &sslrootcert=FILE); needs --node. The password is in",
                "--database-password-file, or in the environment as KEYTURN_DATABASE_PASSWORD."
            })
    private Optional<String> database = Optional.empty();

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "File with the password of the database, one line, for its owner alone (chmod 600).")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
            names = "--node",
            paramLabel = "NAME",
            description = "What this server is called among the nodes on PostgreSQL: the same at each start.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--node-address",
            paramLabel = "HOST:PORT",
            description = "Where the other nodes reach this one (default: where it listens).")
    private Optional<String> nodeAddress = Optional.empty();

    /** What is wrong goes into {@code wrong}. */
    DatabaseChoice choice(List<String> wrong) {
        return new DatabaseOptions(database, passwordFile, node, nodeAddress).read(System.getenv(), wrong);
    }
}
