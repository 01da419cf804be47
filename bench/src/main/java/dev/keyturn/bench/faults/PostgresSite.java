package dev.keyturn.bench.faults;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.ClientEnv;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Several nodes on one PostgreSQL, each on a loopback address of its own and with a way of its own to the database, which
 * can be held. Clients come to one address, behind which a connection goes to any node that takes it.
 */
final class PostgresSite implements Site {
    private static final String ROUND = "round";
    private static final String BEGIN = "begin_of_rounds";
    private static final int FIRST_ADDRESS = 11;

    private final Path directory;
    private final int nodes;
    private final int port;
    private final PostgresProcess postgres;
    private final List<TcpLink> ways = new ArrayList<>();
    private final TcpLink entrance;

    /**
     * @param directory empty; what is in it afterwards is the caller's to delete
     * @param port of all nodes and of their common address
     */
    PostgresSite(Path directory, int nodes, int port, PostgresProcess postgres) throws IOException, SQLException {
        this.directory = Files.createDirectories(directory);
        this.nodes = nodes;
        this.port = port;
        this.postgres = postgres;
        postgres.copy("template0", ROUND);
        List<InetSocketAddress> all = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            Files.createFile(log(i));
            all.add(new InetSocketAddress(address(i), port));
            ways.add(new TcpLink(address(-1), 0, List.of(new InetSocketAddress(address(-1), postgres.port()))));
        }
        entrance = new TcpLink(address(-1), port, all);
    }

    /** Of a node; of all that is not one with -1. */
    private static InetAddress address(int node) {
        return InetAddress.ofLiteral("127.0.0." + (node < 0 ? 1 : FIRST_ADDRESS + node));
    }

    @Override
    public int nodes() {
        return nodes;
    }

    PostgresProcess postgres() {
        return postgres;
    }

    /** The node's way to the database. */
    TcpLink way(int node) {
        return ways.get(node);
    }

    private Path data(int node) {
        return directory.resolve("data" + node);
    }

    /** A node that has no master key gets the first one's: it never makes one. */
    @Override
    public ServerProcess begin(int node, ServerProcess.Around around) throws IOException {
        Path key = data(node).resolve("master.key");
        if (node > 0 && !Files.exists(key)) {
            Trees.copy(data(0), data(node));
            try (var files = Files.list(data(node))) {
                for (Path file : files.toList()) {
                    if (!file.equals(key)) {
                        Files.delete(file);
                    }
                }
            }
        }
        return ServerProcess.begin(
                around,
                List.of(
                        "--data",
                        data(node).toString(),
                        "--port",
                        Integer.toString(port),
                        "--listen",
                        address(node).getHostAddress(),
                        "--node",
                        "node" + node,
                        "--database",
                        "postgresql://postgres@127.0.0.1:" + way(node).port() + "/" + ROUND),
                log(node));
    }

    @Override
    public Api api(int node) {
        return new Api(ClientEnv.read(data(0).resolve("client.env")));
    }

    @Override
    public void keepAsBegin() throws IOException {
        copy(ROUND, BEGIN);
        for (int i = 0; i < nodes; i++) {
            Trees.copy(data(i), directory.resolve("begin" + i));
        }
    }

    @Override
    public void reset() throws IOException {
        copy(BEGIN, ROUND);
        for (int i = 0; i < nodes; i++) {
            Files.writeString(log(i), "");
            Trees.copy(directory.resolve("begin" + i), data(i));
        }
    }

    private void copy(String from, String to) throws IOException {
        try {
            postgres.copy(from, to);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public Connection look() throws SQLException {
        return postgres.connect(ROUND);
    }

    /** No copy: a transaction that sees one state for as long as it lasts. */
    @Override
    public Connection lookAtCopy(Path to) throws SQLException {
        Connection connection = postgres.connect(ROUND);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }
        return connection;
    }

    @Override
    public byte[] masterKey() throws IOException {
        return Files.readAllBytes(data(0).resolve("master.key"));
    }

    @Override
    public Path log(int node) {
        return directory.resolve("server" + node + ".log");
    }

    @Override
    public void evidence(Path to) throws IOException, InterruptedException {
        for (int i = 0; i < nodes; i++) {
            Trees.copy(data(i), to.resolve("data" + i));
            Files.copy(log(i), to.resolve("server" + i + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
        postgres.dump(ROUND, to.resolve("round.sql"));
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        ways.forEach(TcpLink::close);
        postgres.close();
    }
}
