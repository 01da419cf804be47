package dev.keyturn.bench.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A PostgreSQL of the system's packages with a cluster of its own, on a loopback port; it can be killed. */
final class PostgresProcess implements AutoCloseable {
    private static final Path PACKAGES = Path.of("/usr/lib/postgresql");
    private static final int TRIES = 60;

    private final Path programs;
    private final Path directory;
    private final int port;
    private final boolean asPostgres = System.getProperty("user.name").equals("root");

    private PostgresProcess(Path programs, Path directory, int port) {
        this.programs = programs;
        this.directory = directory;
        this.port = port;
    }

    /** The newest version that is installed; empty where none is. */
    static Optional<Path> programs() {
        if (!Files.isDirectory(PACKAGES)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(PACKAGES)) {
            return versions.map(v -> v.resolve("bin"))
                    .filter(b -> Files.isExecutable(b.resolve("postgres")))
                    .max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new cluster that runs. PostgreSQL refuses to run as root: then it is the user {@code postgres}. */
    static PostgresProcess begin(Path programs, int port) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("keyturn-faults-pg-");
        PostgresProcess made = new PostgresProcess(programs, directory, port);
        if (made.asPostgres) {
            require(run(List.of("chown", "postgres", directory.toString())), "chown");
        }
        require(
                made.program(
                        "initdb", "-D", made.cluster(), "-U", "postgres", "--auth=trust", "--locale=C", "-E", "UTF8"),
                "initdb");
        Runtime.getRuntime().addShutdownHook(new Thread(made::killQuietly)); // however this process ends
        made.start();
        return made;
    }

    private String cluster() {
        return directory.resolve("cluster").toString();
    }

    int port() {
        return port;
    }

    /** Also behind a kill, when what is left of the last one may take a moment to go. */
    void start() throws IOException, InterruptedException {
        String options =
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=60"
                        + " -c log_min_messages=panic";
        for (int i = 0; i < TRIES; i++) {
            if (program(
                            "pg_ctl",
                            "-D",
                            cluster(),
                            "-l",
                            directory.resolve("log").toString(),
                            "-o",
                            options,
                            "-w",
                            "-t",
                            "60",
                            "start")
                    == 0) {
                return;
            }
            Thread.sleep(500);
        }
        throw new IOException("PostgreSQL does not start; see " + directory.resolve("log"));
    }

    /** SIGKILL to all of it at once, whatever it is committing. */
    void kill() throws IOException {
        long pid = Long.parseLong(
                Files.readAllLines(Path.of(cluster(), "postmaster.pid")).getFirst());
        ProcessHandle.of(pid).ifPresent(postmaster -> {
            List<ProcessHandle> children = postmaster.children().toList();
            postmaster.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        });
    }

    private void killQuietly() {
        try {
            kill();
        } catch (IOException e) {
            // it does not run
        }
    }

    /** Stops without ending anything in order. */
    void stopImmediately() throws IOException, InterruptedException {
        program("pg_ctl", "-D", cluster(), "-m", "immediate", "-w", "stop");
    }

    /** Makes a database as another one is, in the place of the one of that name; nobody may be connected to either. */
    void copy(String from, String to) throws SQLException {
        execute("DROP DATABASE IF EXISTS " + to + " WITH (FORCE)");
        execute("CREATE DATABASE " + to + " TEMPLATE " + from
                + (from.equals("template0") ? " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'" : ""));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres&sslmode=disable");
    }

    void dump(String database, Path to) throws IOException, InterruptedException {
        new ProcessBuilder(
                        programs.resolve("pg_dump").toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port),
                        "-U",
                        "postgres",
                        database)
                .redirectOutput(to.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private int program(String name, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if (asPostgres) {
            line.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        line.add(programs.resolve(name).toString());
        line.addAll(Arrays.asList(arguments));
        return run(line);
    }

    private static int run(List<String> line) throws IOException, InterruptedException {
        return new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static void require(int status, String what) throws IOException {
        if (status != 0) {
            throw new IOException(what + " ended with " + status);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stopImmediately();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Trees.delete(directory);
    }
}
