package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A cluster of its own with the PostgreSQL that Debian's package installs, on the loopback address, with a password. */
final class DebianPostgres implements AutoCloseable {
    private static final Path ROOT = Path.of("/usr/lib/postgresql");
    private static final String PASSWORD = "not told to anybody";

    private final Path bin;
    private final Path directory;
    private final int port;

    private DebianPostgres(Path bin, Path directory, int port) {
        this.bin = bin;
        this.directory = directory;
        this.port = port;
    }

    /** Where the programs of the newest version are; empty where the package is not installed. */
    static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(ROOT)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(ROOT)) {
            return versions.map(v -> v.resolve("bin"))
                    .filter(b -> Files.isExecutable(b.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    static DebianPostgres start(Path bin) throws IOException {
        Path directory = Files.createTempDirectory("keyturn-postgresql-");
        if (LibvirtServer.user("root")) {
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        Path password = Files.createTempFile(
                "keyturn-password-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        DebianPostgres server = new DebianPostgres(bin, directory, port);
        try {
            Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-r--r--"));
            Files.writeString(password, PASSWORD + "\n");
            server.run(
                    "initdb",
                    "-D",
                    server.data(),
                    "-U",
                    "keyturn",
                    "--auth=scram-sha-256",
                    "--pwfile=" + password,
                    "--locale=C",
                    "--encoding=UTF8",
                    "--no-sync");
        } finally {
            Files.delete(password);
        }
        server.run(
                "pg_ctl",
                "-D",
                server.data(),
                "-w",
                "-l",
                directory.resolve("log").toString(),
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + directory,
                "start");
        return server;
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    /** Without the password. */
    String address() {
        return "postgresql://keyturn@127.0.0.1:" + port + "/postgres";
    }

    /** Writes a file with the password, for its owner alone. */
    Path passwordFile(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, PASSWORD + "\n");
    }

    /** PostgreSQL refuses to run as root. */
    private void run(String program, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        if (LibvirtServer.user("root")) {
            line.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        line.add(bin.resolve(program).toString());
        line.addAll(List.of(arguments));
        Path said = Files.createTempFile("keyturn-postgresql-", ".out");
        try {
            Process process = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            assertThat(process.waitFor())
                    .as(Files.readString(said, StandardCharsets.UTF_8))
                    .isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            Files.delete(said);
        }
    }

    @Override
    public void close() throws IOException {
        run("pg_ctl", "-D", data(), "-w", "-m", "immediate", "stop");
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
