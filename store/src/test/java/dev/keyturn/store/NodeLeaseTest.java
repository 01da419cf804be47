package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.nodes.Beside;
import dev.keyturn.core.nodes.NodeLease;
import dev.keyturn.core.nodes.NodeRow;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NodeLeaseTest {
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);
    private static final Map<String, String> HELD = Map.of("installation", "i", "key", "k");

    private final SqlStores stores = SqlStores.create();
    private TestDatabase database;
    private Instant time = Instant.parse("2026-01-01T00:00:00Z");
    private Instant own = time;
    private long nanos;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        set("installation", "i");
        set("key", "k");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void set(String name, String value) {
        database.transactions().run(tx -> stores.settings().put(tx, name, value));
    }

    private NodeLease lease(String name, UUID instance, Beside beside) {
        return lease(name, instance, beside, schema());
    }

    private NodeLease lease(String name, UUID instance, Beside beside, long schema) {
        Clock clock = new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return own;
            }
        };
        return new NodeLease(
                new NodeLease.Parts(
                        database.transactions(),
                        stores.nodes(),
                        stores.settings(),
                        _ -> time,
                        clock,
                        () -> nanos,
                        beside),
                new NodeRow(name, instance, "host:1", schema, Instant.EPOCH),
                HELD);
    }

    private long schema() {
        return database.transactions().read(stores.nodes()::schema);
    }

    private void passes(Duration by) {
        time = time.plus(by);
        own = own.plus(by);
        nanos += by.toNanos();
    }

    private Set<String> others(NodeLease lease) {
        return database.transactions().read(lease::others);
    }

    @Test
    void nameOfALiveNode_isRefusedWithWhoAndUntilWhen_andIsFreeWhenItsTimeIsOver() {
        lease("a", FIRST, Beside.OTHERS).claim(Optional.empty());

        passes(NodeLease.LASTS.minusMillis(1));
        NodeLease second = lease("a", SECOND, Beside.OTHERS);
        assertThatThrownBy(() -> second.claim(Optional.empty()))
                .isInstanceOf(DomainException.class)
                .hasMessageContaining("'a' is taken")
                .hasMessageContaining("host:1")
                .hasMessageContaining("2026-01-01T00:00:15Z");
        assertThat(second.live()).isFalse();

        passes(Duration.ofMillis(1));
        second.claim(Optional.empty());
        assertThat(second.live()).isTrue();
    }

    @Test
    void rowOfAnEarlierStartThatHasEnded_isNotWaitedFor() {
        lease("a", FIRST, Beside.OTHERS).claim(Optional.empty());
        NodeLease second = lease("a", SECOND, Beside.OTHERS);
        assertThatThrownBy(() -> second.claim(Optional.of(new UUID(0, 9)))).isInstanceOf(DomainException.class);
        second.claim(Optional.of(FIRST));
        assertThat(second.live()).isTrue();
    }

    @Test
    void nodeWhoseNameWasTakenOver_mustNotGoOn() {
        NodeLease first = lease("a", FIRST, Beside.OTHERS);
        first.claim(Optional.empty());
        assertThat(first.renew()).isEmpty();
        passes(NodeLease.LASTS);
        assertThat(first.live()).isFalse();
        lease("a", SECOND, Beside.OTHERS).claim(Optional.empty());

        assertThat(first.renew()).hasValueSatisfying(why -> assertThat(why).contains("taken over by another start"));
        assertThat(first.giveBack().missed()).isTrue();
        assertThat(others(first)).containsExactly("a");
    }

    @Test
    void nodeThatSlept_goesOnWhereNobodyTookItsPlace() {
        NodeLease first = lease("a", FIRST, Beside.NOBODY);
        first.claim(Optional.empty());
        passes(NodeLease.LASTS.multipliedBy(2));
        assertThat(first.problem()).hasValueSatisfying(p -> assertThat(p).contains("not renewed"));
        assertThat(first.renew()).isEmpty();
        assertThat(first.problem()).isEmpty();
    }

    @Test
    void whereOneNodeAtATimeMayRun_anotherWaits_andWhoSleptEnds() {
        NodeLease first = lease("a", FIRST, Beside.NOBODY);
        first.claim(Optional.empty());
        NodeLease second = lease("b", SECOND, Beside.NOBODY);
        assertThatThrownBy(() -> second.claim(Optional.empty()))
                .hasMessageContaining("The node 'a' at host:1")
                .hasMessageContaining("one node at a time");
        passes(NodeLease.LASTS);
        second.claim(Optional.empty());
        assertThat(first.renew()).hasValueSatisfying(why -> assertThat(why).contains("The node 'b'"));
    }

    @Test
    void nodesBesideEachOther_knowWhoIsThere_andWhoGaveItsNameBackIsNot() {
        NodeLease first = lease("a", FIRST, Beside.OTHERS);
        NodeLease second = lease("b", SECOND, Beside.OTHERS);
        first.claim(Optional.empty());
        second.claim(Optional.empty());
        assertThat(others(first)).containsExactly("b");
        assertThat(others(second)).containsExactly("a");

        assertThat(second.giveBack().hit()).isTrue();
        assertThat(second.live()).isFalse();
        assertThat(others(first)).isEmpty();
        lease("b", new UUID(0, 3), Beside.OTHERS).claim(Optional.empty());
    }

    @Test
    void databaseOfANewerProgram_endsTheNode_andLetsNoneIn() {
        NodeLease old = lease("a", FIRST, Beside.OTHERS, schema() - 1);
        assertThatThrownBy(() -> old.claim(Optional.empty())).hasMessageContaining("A newer program");
    }

    @Test
    void otherInstallationInItsPlace_orOtherKey_endsTheNode() {
        NodeLease first = lease("a", FIRST, Beside.OTHERS);
        first.claim(Optional.empty());
        set("key", "other");
        assertThat(first.renew()).hasValueSatisfying(why -> assertThat(why).contains("'key' differs"));
    }

    @Test
    void clockThatIsNotTheDatabases_isToldWithTheDifference() {
        NodeLease first = lease("a", FIRST, Beside.OTHERS);
        own = time.plus(NodeLease.CLOCKS_APART);
        first.claim(Optional.empty());
        assertThat(first.problem()).isEmpty();
        own = time.minusSeconds(7);
        assertThat(first.renew()).isEmpty();
        assertThat(first.problem()).hasValueSatisfying(p -> assertThat(p).contains("7 s behind"));
        own = time.plusSeconds(6);
        assertThat(first.renew()).isEmpty();
        assertThat(first.problem()).hasValueSatisfying(p -> assertThat(p).contains("6 s ahead of"));
    }
}
