package dev.keyturn.server;

import static dev.keyturn.server.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeName;
import dev.keyturn.server.database.DatabaseChoice;
import dev.keyturn.store.TestPostgres;
import dev.keyturn.store.engine.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers on one PostgreSQL. */
class NodesTest {
    @TempDir
    Path temp;

    private final PostgresAddress database = address(TestPostgres.emptyDatabase());

    private static PostgresAddress address(String jdbc) {
        List<String> problems = new ArrayList<>();
        String place = jdbc.substring(jdbc.indexOf("//") + 2, jdbc.indexOf('?'));
        return PostgresAddress.parse("postgresql://postgres@" + place, problems)
                .orElseThrow(() -> new AssertionError(problems));
    }

    private Path data(String node) {
        return temp.resolve(node);
    }

    private ServerConfig node(String name, Beside beside) {
        return ServerConfig.in(data(name))
                .withPort(0)
                .withDrain(Duration.ofSeconds(2))
                .withDatabase(new DatabaseChoice.Postgresql(
                        database, Optional.empty(), new NodeName(name), Optional.empty(), beside));
    }

    private void copyKey(String from, String to) throws Exception {
        Files.createDirectories(data(to));
        Files.copy(data(from).resolve("master.key"), data(to).resolve("master.key"));
    }

    private static String refused(ServerConfig config) {
        StartupException told = catchThrowableOfType(
                StartupException.class, () -> KeyturnServer.start(config).close());
        assertThat(told).isNotNull();
        assertThat(told.reasons()).hasSize(1);
        return told.reasons().getFirst();
    }

    @Test
    void serverOnPostgresql_makesAVaultAKeyASetAndAVm_rotates_andTheNextNodeGoesOn() throws Exception {
        RunningServer client;
        ArmFleet fleet;
        try (RunningServer first = RunningServer.start(node("a", Beside.NOBODY))) {
            client = first;
            assertThat(first.get("/readyz").statusCode()).isEqualTo(200);
            fleet = new ArmFleet(first, "g", "vault-1");
            fleet.set("s");
            fleet.vm("vm", "s", "", "{}");
            fleet.settled("vm");
            assertThat(fleet.power("vm")).isEqualTo("running");
            fleet.deallocate("vm");
            fleet.settled("vm");
            fleet.rotate("s", fleet.version());
            fleet.awaitRotated("s", first);

            assertThat(refused(node("b", Beside.NOBODY)))
                    .contains("does not have its master key", data("b").resolve("master.key") + "", "chmod 600");
            copyKey("a", "b");
            assertThat(refused(node("b", Beside.NOBODY))).contains("'a' at 127.0.0.1:", "one node at a time");
        }
        try (RunningServer second = RunningServer.start(node("b", Beside.NOBODY))) {
            assertThat(Files.readString(second.server.clientEnv())).doesNotContain("SECRET");
            assertThat(second.get("/readyz").statusCode()).isEqualTo(200);
            RunningServer asked = second.askedBy(client);
            assertThat(fleet.underOtherKeys("s", asked)).isEqualTo("0");
            assertThat(asked.arm("GET", fleet.vm("vm") + "?api-version=2024-07-01", "")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void twoThatStartAtOnce_onAnEmptyDatabase_makeOneInstallation_andTheOtherIsToldToCopyTheKey() throws Exception {
        List<Future<KeyturnServer>> starts = bothAtOnce();
        List<String> told = new ArrayList<>();
        List<KeyturnServer> running = new ArrayList<>();
        for (Future<KeyturnServer> start : starts) {
            if (start.state() == Future.State.SUCCESS) {
                running.add(start.resultNow());
            } else {
                told.add(String.valueOf(start.exceptionNow().getMessage()));
            }
        }
        running.forEach(KeyturnServer::close);
        assertThat(running).hasSize(1);
        assertThat(told).singleElement().asString().contains("Copy the file master.key");
        List<Boolean> keys = Stream.of("a", "b")
                .map(n -> Files.exists(data(n).resolve("master.key")))
                .toList();
        assertThat(keys).as("the key that sealed nothing is gone").containsExactlyInAnyOrder(true, false);
    }

    @Test
    void twoThatStartAtOnce_withOneKey_bothBecomeNodesOfOneInstallation() throws Exception {
        Files.createDirectories(data("a"));
        Files.write(data("a").resolve("master.key"), new byte[32]);
        Files.setPosixFilePermissions(data("a").resolve("master.key"), PosixFilePermissions.fromString("rw-------"));
        copyKey("a", "b");
        List<KeyturnServer> running = new ArrayList<>();
        for (Future<KeyturnServer> start : bothAtOnce()) {
            running.add(start.get());
        }
        assertThat(running.getFirst().names()).isEqualTo(running.getLast().names());
        assertThat(running.stream().filter(s -> s.firstPerson().isPresent())).hasSize(1);
        running.forEach(KeyturnServer::close);
        assertThat(data("b").resolve("ca.pem"))
                .hasSameTextualContentAs(data("a").resolve("ca.pem"));
        assertThat(Stream.of("a", "b").filter(this::hasASecret)).hasSize(1);
    }

    private boolean hasASecret(String node) {
        try {
            return Files.readString(data(node).resolve("client.env")).contains("SECRET");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Future<KeyturnServer>> bothAtOnce() {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<KeyturnServer>> starts = new ArrayList<>();
        try (ExecutorService both = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String name : List.of("a", "b")) {
                starts.add(both.submit(() -> {
                    go.await();
                    return KeyturnServer.start(node(name, Beside.OTHERS));
                }));
            }
            go.countDown();
        }
        return starts;
    }

    @Test
    void databaseThatFellBehindWhatANodeSaw_isNotGoneOnWithUnasked() throws Exception {
        RunningServer.start(node("a", Beside.NOBODY)).close();
        Path file = data("a").resolve("installation");
        Files.writeString(file, Files.readString(file).replaceFirst("mark=[0-9]+", "mark=99"));
        assertThat(refused(node("a", Beside.NOBODY))).contains("older than what this node last saw", "docs/nodes.md");
    }

    @Test
    void directoryOfANode_isNotStartedOnAnEmptyDatabase_norOnTheEmbeddedOne() throws Exception {
        RunningServer.start(node("a", Beside.NOBODY)).close();
        ServerConfig embedded = node("a", Beside.NOBODY).withDatabase(new DatabaseChoice.Embedded());
        assertThat(refused(embedded)).contains("is of a node of the installation", "--database postgresql://");
        DatabaseChoice empty = new DatabaseChoice.Postgresql(
                address(TestPostgres.emptyDatabase()),
                Optional.empty(),
                new NodeName("a"),
                Optional.empty(),
                Beside.NOBODY);
        assertThat(refused(node("a", Beside.NOBODY).withDatabase(empty))).contains("is empty", "the right database");
    }

    @Test
    void publicPort_isAFactOfTheInstallation() throws Exception {
        try (RunningServer first = RunningServer.start(node("a", Beside.NOBODY).withPublicPort(443))) {
            assertThat(first.server.url()).isEqualTo("https://localhost");
            assertThat(first.env("KEYTURN_VAULT_SUFFIX")).isEqualTo(".vault.keyturn.localhost");
        }
        assertThat(refused(node("a", Beside.NOBODY).withPublicPort(8443))).contains("--public-port 443");
        try (RunningServer again = RunningServer.start(node("a", Beside.NOBODY))) {
            assertThat(again.server.url()).isEqualTo("https://localhost");
        }
    }

    @Test
    void nameOfALiveNode_isRefusedSayingUntilWhen_andIsFreeAfterAnOrderlyStop() throws Exception {
        try (RunningServer first = RunningServer.start(node("a", Beside.OTHERS))) {
            assertThat(first.get("/healthz").statusCode()).isEqualTo(200);
            Files.createDirectories(data("other"));
            Files.copy(data("a").resolve("master.key"), data("other").resolve("master.key"));
            ServerConfig same = node("a", Beside.OTHERS);
            ServerConfig elsewhere = ServerConfig.in(data("other")).withPort(0).withDatabase(same.database());
            assertThat(refused(elsewhere)).contains("'a' is taken", "live until", "--node");
        }
        RunningServer.start(node("a", Beside.OTHERS)).close();
    }

    @Test
    void twoNodes_haveOneCaOneIssuerAndOneSetOfNames_andEachAnswersForTheOther() throws Exception {
        try (RunningServer first = RunningServer.start(node("a", Beside.OTHERS))) {
            copyKey("a", "b");
            try (RunningServer second = RunningServer.start(node("b", Beside.OTHERS))) {
                assertThat(second.server.port()).isNotEqualTo(first.server.port());
                assertThat(second.server.names()).isEqualTo(first.server.names());
                assertThat(data("b").resolve("ca.pem"))
                        .hasSameTextualContentAs(data("a").resolve("ca.pem"));
                assertThat(data("b").resolve("ca.key")).doesNotExist();

                ArmFleet fleet = new ArmFleet(first, "g", "vault-1");
                fleet.set("s");
                fleet.vm("vm", "s", "", "{}");
                RunningServer asked = second.askedBy(first);
                fleet.settled("vm", asked);
                String group = first.subscription() + "/resourceGroups/g?api-version=2021-04-01";
                HttpResponse<String> seen = second.send(
                        "GET",
                        group,
                        "",
                        Map.of("Authorization", "Bearer " + first.token(first.env("KEYTURN_SERVER") + "/arm")));
                assertThat(seen.statusCode()).as(seen.body()).isEqualTo(200);
                String openid = "/" + first.env("KEYTURN_TENANT_ID") + "/v2.0/.well-known/openid-configuration";
                assertThat(json(second.get(openid)).path("issuer"))
                        .isEqualTo(json(first.get(openid)).path("issuer"));
            }
        }
    }
}
