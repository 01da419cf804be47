package dev.keyturn.bench.faults;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** One node with its database in its own directory. */
final class EmbeddedSite implements Site {
    private final Path data;
    private final Path begin;
    private final Path log;
    private final int port;

    /** @param directory empty; what is in it afterwards is the caller's to delete */
    EmbeddedSite(Path directory, int port) throws IOException {
        Files.createDirectories(directory);
        this.data = directory.resolve("data");
        this.begin = directory.resolve("begin");
        this.log = Files.createFile(directory.resolve("server.log"));
        this.port = port;
    }

    @Override
    public int nodes() {
        return 1;
    }

    @Override
    public ServerProcess begin(int node, ServerProcess.Around around) throws IOException {
        return ServerProcess.begin(around, List.of("--data", data.toString(), "--port", Integer.toString(port)), log);
    }

    @Override
    public Api api(int node) {
        return new Api(ClientEnv.read(data.resolve("client.env")));
    }

    @Override
    public void keepAsBegin() throws IOException {
        Trees.copy(data, begin);
    }

    /** The directory itself stays: it may be where another file system begins. */
    @Override
    public void reset() throws IOException {
        Files.writeString(log, "");
        Trees.copy(begin, data);
    }

    Path data() {
        return data;
    }

    /** Read only: such a connection folds no log, whoever else is gone. */
    @Override
    public Connection look() throws SQLException {
        return open(data.resolve("keyturn.db"));
    }

    @Override
    public Connection lookAtCopy(Path to) throws IOException, SQLException {
        Files.createDirectories(to);
        for (String name : List.of("keyturn.db", "keyturn.db-wal")) {
            Path from = data.resolve(name);
            if (Files.exists(from)) {
                Files.copy(from, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.deleteIfExists(to.resolve(name));
            }
        }
        Files.deleteIfExists(to.resolve("keyturn.db-shm"));
        return DriverManager.getConnection("jdbc:sqlite:" + to.resolve("keyturn.db"));
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro");
    }

    @Override
    public byte[] masterKey() throws IOException {
        return Files.readAllBytes(data.resolve("master.key"));
    }

    @Override
    public Path log(int node) {
        return log;
    }

    @Override
    public void evidence(Path to) throws IOException {
        Trees.copy(data, to.resolve("data"));
        Files.copy(log, to.resolve("server.log"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {}
}
