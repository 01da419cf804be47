package dev.keyturn.cli;

import dev.keyturn.json.Json;
import dev.keyturn.server.StartupException;
import dev.keyturn.server.database.Migration;
import dev.keyturn.store.engine.PostgresAddress;
import dev.keyturn.store.engine.PostgresPassword;
import dev.keyturn.store.migrate.CopyException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Moves an installation from a data directory, whose server is stopped, to an empty PostgreSQL database, or back.",
            "Compares each table on both sides. Ended anywhere, the same command goes on. Exit status: 0 moved, 1 not moved,",
            "2 an option or the directory is wrong. docs/migrate.md says what has to be carried along."
        })
final class MigrateCommand implements Callable<Integer> {
    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR|URL",
            description = "The data directory, or the database: " + PostgresAddress.SYNTAX + ".")
    private String from = "";

    @Option(names = "--to", required = true, paramLabel = "URL|DIR", description = "The other of the two.")
    private String to = "";

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description =
                    "A file that only you can read, with the database's password (default: the environment variable "
                            + PostgresPassword.VARIABLE + ").")
    private Optional<Path> passwordFile = Optional.empty();

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<String> wrong = new ArrayList<>();
        boolean toServer = isServer(to);
        if (toServer == isServer(from)) {
            wrong.add("One of --from and --to is a data directory, and the other " + PostgresAddress.SYNTAX + ".");
            throw new CliException(CliException.USAGE, wrong);
        }
        Optional<PostgresAddress> address = PostgresAddress.parse(toServer ? to : from, wrong);
        String directory = toServer ? from : to;
        if (directory.isEmpty() || directory.indexOf('\0') >= 0) {
            wrong.add((toServer ? "--from" : "--to") + " must name a directory.");
        }
        Optional<PostgresPassword> password = PostgresPassword.read(passwordFile, System.getenv(), wrong);
        if (address.isEmpty() || !wrong.isEmpty()) {
            throw new CliException(CliException.USAGE, wrong);
        }
        Migration migration =
                new Migration(Path.of(directory), address.get(), password, Clock.systemUTC(), this::progress);
        Migration.Outcome outcome = run(migration, toServer);
        PrintWriter out = spec.commandLine().getOut();
        MigrationReport report = new MigrationReport(outcome, from, to, toServer);
        if (output.json()) {
            out.println(Json.pretty(report.json()));
        } else {
            report.text(out);
        }
        return outcome.done().isPresent() ? 0 : CliException.FAILED;
    }

    private static boolean isServer(String text) {
        return text.toLowerCase(Locale.ROOT).matches("(?s)(?:jdbc:|postgres).*:.*");
    }

    private static Migration.Outcome run(Migration migration, boolean toServer) {
        try {
            return toServer ? migration.toServer() : migration.toDirectory();
        } catch (StartupException e) {
            throw told(CliException.USAGE, e.reasons(), e);
        } catch (CopyException e) {
            throw told(CliException.FAILED, e.reasons(), e);
        }
    }

    private static CliException told(int status, List<String> reasons, Exception cause) {
        CliException told = new CliException(status, reasons);
        told.initCause(cause);
        return told;
    }

    /** Where nobody reads it as a document: one line for each table, and for each further 100,000 rows of a large one. */
    private void progress(String table, long copied, long of) {
        if (copied == of || copied % 100_000 == 0) {
            spec.commandLine().getErr().println("keyturn: " + table + ": " + copied + " of " + of + " rows copied");
        }
    }
}
