package dev.keyturn.bench.faults;

import dev.keyturn.bench.faults.ServerProcess.Around;
import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** The servers of one round, and what can be done to them. For one thread. */
final class Stage implements AutoCloseable {
    private static final int ORDERLY = 143;

    final Site site;
    final Journal journal;
    final Random random;
    private final Path scratch;
    private final Watcher watcher;
    private final List<Optional<ServerProcess>> servers = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private Around around;

    Stage(Site site, Watcher watcher, Journal journal, Random random, Path scratch, Around around) {
        this.watcher = watcher;
        this.site = site;
        this.journal = journal;
        this.random = random;
        this.scratch = scratch;
        this.around = around;
        for (int i = 0; i < site.nodes(); i++) {
            servers.add(Optional.empty());
        }
    }

    /** The round cannot go on; what stands in {@link #violations} says why. */
    static final class StuckException extends Exception {
        private static final long serialVersionUID = 1L;

        StuckException(String why) {
            super(why);
        }
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    void violation(String what) {
        violations.add(what);
    }

    ServerProcess server(int node) {
        return servers.get(node).orElseThrow();
    }

    int anyNode() {
        return random.nextInt(site.nodes());
    }

    /** What servers that are started from now on have around them. */
    void around(Around value) {
        around = value;
    }

    Around around() {
        return around;
    }

    /** Begins to start a node. */
    ServerProcess begin(int node) throws IOException {
        ServerProcess server = site.begin(node, around);
        servers.set(node, Optional.of(server));
        return server;
    }

    /** Starts what is not up. That one does not come up is a violation, and the end of the round. */
    void startAll() throws IOException, InterruptedException, StuckException {
        for (int i = 0; i < site.nodes(); i++) {
            if (servers.get(i).filter(ServerProcess::alive).isEmpty()) {
                begin(i);
            }
            awaitReady(i);
        }
    }

    void awaitReady(int node) throws IOException, InterruptedException, StuckException {
        if (!server(node).awaitReady()) {
            violations.add("node " + node + " does not start: " + server(node).lastWords());
            throw new StuckException("no start");
        }
        watcher.resume();
    }

    /** SIGKILL to a node; where none is left, what the store is then must hold too. */
    void kill(int node) throws IOException, InterruptedException, SQLException {
        watcher.pause();
        server(node).kill();
        lookMidway();
    }

    /** Of a store in a file, no node may run. */
    void lookMidway() throws IOException, SQLException {
        Path copy = scratch.resolve("midway");
        Trees.delete(copy);
        try (Connection look = site.lookAtCopy(copy)) {
            StoreLook.midway(look, site.masterKey()).violations().forEach(v -> violations.add("as it was left: " + v));
        }
    }

    /** How often a fault of the simulated host will strike yet; nothing where nobody says it. */
    OptionalLong strikesLeft(Api api, String fault) {
        try {
            Answer answer = api.own("GET", "/keyturn/simulatedHost/faults/" + fault, Optional.empty());
            return OptionalLong.of(Long.parseLong(answer.text("times")));
        } catch (RefusedException e) {
            return e.httpStatus() == 404 ? OptionalLong.of(0) : OptionalLong.empty();
        } catch (CliException e) {
            return OptionalLong.empty();
        }
    }

    /** SIGTERM to all, which must end in order. */
    void stopAll() throws IOException, InterruptedException {
        watcher.pause();
        for (int i = 0; i < site.nodes(); i++) {
            Optional<ServerProcess> server = servers.get(i);
            servers.set(i, Optional.empty());
            if (server.isPresent()) {
                Optional<Integer> status = server.get().terminate();
                if (status.isEmpty() || status.get() != ORDERLY) {
                    violations.add("node " + i + " did not stop in order (" + status + "): "
                            + server.get().lastWords());
                }
                server.get().close();
            }
        }
    }

    void sleep(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    @Override
    public void close() {
        servers.forEach(s -> s.ifPresent(ServerProcess::close));
    }
}
