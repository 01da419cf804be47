package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.artifact.UnclaimedFiles;
import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.Hosts;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.host.simulated.SqlFaultStore;
import dev.keyturn.host.simulated.SqlSimulatedMachines;
import dev.keyturn.node.SettableClock;
import dev.keyturn.node.TalkativeHost;
import dev.keyturn.store.TestDatabase;
import dev.keyturn.store.engine.SqlTx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the files that a host has are nobody's, and where that is told. */
class UnclaimedFilesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final UUID GONE = UUID.fromString("00000000-0000-4000-8000-000000000001");
    private static final UUID DYING = UUID.fromString("00000000-0000-4000-8000-000000000002");

    @TempDir
    private Path directory = Path.of("");

    private Optional<TestDatabase> open = Optional.empty();
    private Supplier<List<HostFile>> listing = List::of;

    @BeforeEach
    void open() {
        open = Optional.of(TestDatabase.in(directory, SimulatedTables.MIGRATIONS));
    }

    @AfterEach
    void close() {
        database().close();
    }

    @Test
    void files_thatARowOrADeletionUnderWayHas_areNotAmongThem() {
        condemn(DYING);
        HostFile gone = file("/d/gone.luks", HostFile.Kind.DISK, GONE, NOW);
        HostFile odd = new HostFile("/d/odd", HostFile.Kind.UNKNOWN, Optional.empty(), 1, NOW);
        listing = () -> List.of(odd, file("/d/dying.luks", HostFile.Kind.DISK, DYING, NOW), gone);

        assertThat(look().files()).extracting(UnclaimedFiles.Unclaimed::file).containsExactly(gone, odd);
    }

    @Test
    void whatIsHalfMade_isAmongThem_onlyWhenNobodyMakesIt() {
        condemn(DYING);
        HostFile old = file("/d/a.part", HostFile.Kind.UNFINISHED, DYING, NOW.minus(Duration.ofHours(2)));
        listing = () -> List.of(old, file("/d/b.part", HostFile.Kind.UNFINISHED, DYING, NOW.minusSeconds(60)));

        assertThat(look().files()).extracting(UnclaimedFiles.Unclaimed::file).containsExactly(old);
    }

    @Test
    void aFile_thatIsDeletedWithItsRowMeanwhile_isNotAmongThem() {
        List<List<HostFile>> answers =
                new ArrayList<>(List.of(List.of(file("/d/gone.luks", HostFile.Kind.DISK, GONE, NOW)), List.of()));
        listing = answers::removeFirst;

        assertThat(look().files()).isEmpty();
        assertThat(answers).isEmpty();
    }

    @Test
    void aHostThatDoesNotAnswer_isNamed() {
        listing = () -> {
            throw new DomainError.Unavailable(ErrorInfo.of("HostNotReachable", "gone fishing")).asException();
        };
        assertThat(look().silent())
                .singleElement()
                .satisfies(s -> assertThat(s.why()).isEqualTo("gone fishing"));
        assertThat(lines()).singleElement().asString().contains("host 'sim'", "gone fishing");
    }

    @Test
    void atAStart_aFewAreTold_aLineEach_andHowManyMoreThereAre() {
        List<HostFile> many = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            many.add(file("/d/%02d.luks".formatted(i), HostFile.Kind.DISK, GONE, NOW));
        }
        listing = () -> many;

        List<String> lines = lines();
        assertThat(lines).hasSize(UnclaimedLog.LINES + 1);
        assertThat(lines.getFirst()).contains("host 'sim'", "/d/00.luks", "is left alone", "docs/libvirt-host.md");
        assertThat(lines.getLast()).startsWith("and 5 more").contains("/keyturn/hosts/unclaimedFiles");
    }

    @Test
    void endpoint_isForWhoMayReadTheSubscription() throws Exception {
        try (RunningServer server = RunningServer.start(
                ServerConfig.in(directory.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(1)))) {
            String target = "/keyturn/hosts/unclaimedFiles?api-version=2024-07-01";
            assertThat(server.get(target).statusCode()).isEqualTo(401);
            var answer = server.arm("GET", target, "");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("{\"value\":[],\"more\":0,\"notLookedAt\":[]}");
        }
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        UnclaimedLog.tell(look(), lines::add);
        return lines;
    }

    private UnclaimedFiles.Found look() {
        SettableClock clock = new SettableClock(NOW);
        TalkativeHost host = new TalkativeHost(new SimulatedHost(
                "sim",
                Duration.ofSeconds(1),
                database().transactions(),
                new SqlSimulatedMachines(),
                new Faults(database().transactions(), new SqlFaultStore()),
                database().stores().vms(),
                database().stores().artifacts()));
        host.stored = listing;
        return new UnclaimedFiles(
                        database().transactions(), database().stores().artifacts(), new Hosts(List.of(host)), clock)
                .look();
    }

    private void condemn(UUID disk) {
        database()
                .transactions()
                .run(tx -> SqlTx.of(tx)
                        .update(
                                "INSERT INTO condemned_image (artifact, kind, host, disk_uuid) VALUES (1, 3, 'sim', ?)",
                                disk));
    }

    private static HostFile file(String path, HostFile.Kind kind, UUID owner, Instant changed) {
        return new HostFile(path, kind, Optional.of(owner), 7, changed);
    }

    private TestDatabase database() {
        return open.orElseThrow();
    }
}
