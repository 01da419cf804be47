package dev.keyturn.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.time.ServerTime;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.node.SettableClock;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with one CA in their database. */
class SharedAuthorityTest {
    @TempDir
    Path temp;

    private final SecureRandom random = new SecureRandom();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MasterKey master = MasterKey.of(new byte[32], random);
    private TestDatabase database;

    @BeforeEach
    void open() throws IOException {
        database = TestDatabase.in(Files.createDirectory(temp.resolve("database")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private ServerCertificates node(String name, MasterKey key) throws IOException {
        Path directory = temp.resolve(name);
        Files.createDirectories(directory);
        return ServerCertificates.shared(
                directory,
                "a.test",
                clock,
                ServerTime.of(clock),
                random,
                new ServerCertificates.Kept(
                        database.transactions(), database.stores().settings(), key));
    }

    private ServerCertificates node(String name) throws IOException {
        return node(name, master);
    }

    private String ca(String name) throws IOException {
        return Files.readString(temp.resolve(name).resolve("ca.pem"));
    }

    private Optional<String> setting() {
        return database.transactions().read(tx -> database.stores().settings().find(tx, SharedAuthority.SETTING));
    }

    @Test
    void twoThatStartAtOnce_showCertificatesOfOneCa() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = java.util.stream.Stream.of("a", "b")
                    .map(name -> threads.submit((Callable<Object>) () -> {
                        both.await();
                        return node(name).identity();
                    }))
                    .toList();
            for (var start : starts) {
                assertThat(start.get()).isNotNull();
            }
        }
        assertThat(ca("a")).isEqualTo(ca("b"));
        assertThat(temp.resolve("a").resolve("ca.key")).doesNotExist();
        assertThat(Files.readString(temp.resolve("a").resolve("server.pem")))
                .isNotEqualTo(Files.readString(temp.resolve("b").resolve("server.pem")));
    }

    @Test
    void caThatOneNodeReplaced_isTakenUpByTheOthersAtTheirNextLook() throws Exception {
        assertThat(node("a").identity()).isNotNull();
        ServerCertificates other = node("b");
        assertThat(other.identity()).isNotNull();
        String first = ca("a");

        clock.advance(Certificates.CA_LIFE.minus(Duration.ofDays(30)));
        assertThat(node("a").renewed()).isPresent();
        assertThat(ca("a")).isNotEqualTo(first);
        assertThat(other.renewed()).isPresent();
        assertThat(ca("b")).isEqualTo(ca("a"));
        assertThat(other.renewed()).isEmpty();
    }

    @Test
    void caOfADirectoryThatWasMoved_staysTheOneThatClientsTrust() throws Exception {
        Path directory = Files.createDirectory(temp.resolve("a"));
        assertThat(new ServerCertificates(directory, "a.test", clock, random).identity())
                .isNotNull();
        String before = ca("a");

        assertThat(node("a").identity()).isNotNull();
        assertThat(node("b").identity()).isNotNull();
        assertThat(ca("a")).isEqualTo(before);
        assertThat(ca("b")).isEqualTo(before);
    }

    @Test
    void caThatCannotBeOpened_isTold_andNoOtherIsMadeInItsPlace() throws Exception {
        assertThat(node("a").identity()).isNotNull();
        Optional<String> kept = setting();
        byte[] other = new byte[32];
        other[0] = 1;
        ServerCertificates stranger = node("b", MasterKey.of(other, random));
        assertThatThrownBy(stranger::identity).hasMessageContaining("certificate-authority");
        assertThat(setting()).isEqualTo(kept);
        assertThat(kept.orElseThrow()).doesNotContain("PRIVATE");
    }
}
