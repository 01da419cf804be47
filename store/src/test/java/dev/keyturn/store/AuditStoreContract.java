package dev.keyturn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditQuery;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.AuditStore;
import dev.keyturn.core.audit.AuditStore.Found;
import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.Checkpoint;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Call.Door;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class AuditStoreContract extends StoreContract {
    private static final Instant T0 = Instant.parse("2026-05-01T10:00:00Z");
    private static final Scope GROUP = new Scope("/subscriptions/s/resourcegroups/g");
    private static final Scope DISK = new Scope(GROUP + "/providers/microsoft.compute/disks/d");
    private static final String KEY = "https://v.vault/keys/k/1";

    private final Caller who = new Caller(new PrincipalId(UUID.randomUUID()), "who");
    private final Call call = new Call(who, UUID.randomUUID(), Optional.of("mine"), Door.ARM);

    private AuditStore audit() {
        return stores.audit();
    }

    private AuditRecord append(String node, int minute, AuditEntry entry) {
        Clock clock = Clock.fixed(T0.plus(Duration.ofMinutes(minute)), ZoneOffset.UTC);
        return write(tx -> new AuditLog(audit(), clock, node).append(tx, entry));
    }

    private AuditEntry allowed(Action action, Scope at) {
        return new AuditEntry(call, action, at, Optional.empty(), Outcome.ALLOWED, Optional.empty(), Optional.empty());
    }

    private AuditEntry use(Action action) {
        return new AuditEntry(
                call, action, GROUP, Optional.of(KEY), Outcome.ALLOWED, Optional.empty(), Optional.empty());
    }

    private List<AuditRecord> find(AuditQuery query) {
        return read(tx -> audit().find(tx, query, 100)).records();
    }

    private int removed(long upTo) {
        return write(tx -> audit().remove(tx, "a", upTo, 3));
    }

    private static Checkpoint checkpoint(long number, AuditRecord at) {
        return new Checkpoint(
                at.node(), number, at.sequence(), T0, at.hash(), ChainHash.NONE, "key", new byte[] {1, 2});
    }

    @Test
    void records_comeBackAsTheyWereHashed_inTheirOrder() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        AuditRecord two = append(
                "a",
                1,
                new AuditEntry(
                        call,
                        Action.DISK_DELETE,
                        DISK,
                        Optional.of("https://ü/keys"),
                        Outcome.FAILED,
                        Optional.of("Conflict"),
                        Optional.of(UUID.randomUUID())));

        reopen();

        List<AuditRecord> found = many(tx -> audit().after(tx, "a", 0, 10));
        assertThat(found).containsExactly(one, two);
        assertThat(found.get(0).follows(ChainHash.NONE)).isTrue();
        assertThat(found.get(1).follows(one.hash())).isTrue();
        assertThat(found.get(1).sequence()).isEqualTo(2);
        assertThat(many(tx -> audit().after(tx, "a", 1, 10))).containsExactly(two);
        assertThat(many(tx -> audit().after(tx, "a", 0, 1))).containsExactly(one);
    }

    @Test
    void nodes_haveChainsOfTheirOwn() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        AuditRecord other = append("b", 0, allowed(Action.DISK_WRITE, DISK));

        assertThat(other.sequence()).isEqualTo(1);
        assertThat(one(tx -> audit().last(tx, "a"))).contains(one.link());
        assertThat(one(tx -> audit().last(tx, "b"))).contains(other.link());
        assertThat(one(tx -> audit().last(tx, "c"))).isEmpty();
        assertThat(many(tx -> audit().nodes(tx))).containsExactly("a", "b");
    }

    @Test
    void append_ofATakenNumber_isABug() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));

        assertThatThrownBy(() -> run(tx -> audit().append(tx, one))).isInstanceOf(RuntimeException.class);
    }

    @Test
    void append_inATransactionThatIsTakenBack_leavesNothing() {
        assertThatThrownBy(() -> run(tx -> {
                    new AuditLog(audit(), Clock.systemUTC(), "a").append(tx, allowed(Action.DISK_WRITE, DISK));
                    throw new IllegalStateException("back");
                }))
                .hasMessage("back");

        assertThat(one(tx -> audit().last(tx, "a"))).isEmpty();
    }

    @Test
    void find_isNewestFirst_andGoesOnBehindAPosition() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        AuditRecord two = append("b", 1, allowed(Action.DISK_WRITE, DISK));
        AuditRecord three = append("a", 1, allowed(Action.DISK_DELETE, DISK));

        assertThat(find(AuditQuery.ALL)).containsExactly(two, three, one);
        assertThat(find(AuditQuery.ALL.behind(two))).containsExactly(three, one);
        assertThat(find(AuditQuery.ALL.behind(three))).containsExactly(one);
        assertThat(find(AuditQuery.ALL.behind(one))).isEmpty();
    }

    @Test
    void find_looksAtALimitedNumber_andSaysFromWhereOnToGoOn() {
        AuditStore three = new SqlAuditStore(3);
        AuditRecord first = append("a", 0, use(Action.KEY_WRAP));
        for (int i = 1; i < 7; i++) {
            append(i % 2 == 0 ? "a" : "b", i / 2, allowed(Action.DISK_WRITE, DISK));
        }
        AuditQuery wraps = AuditQuery.ALL.action(Action.KEY_WRAP.azure());

        Found none = read(tx -> three.find(tx, wraps, 2));
        Found still = read(tx -> three.find(tx, wraps.behind(none.further().orElseThrow()), 2));
        Found last = read(tx -> three.find(tx, wraps.behind(still.further().orElseThrow()), 2));

        assertThat(none.records()).isEmpty();
        assertThat(still.records()).isEmpty();
        assertThat(last.records()).containsExactly(first);
        assertThat(last.further()).isEmpty();
        assertThat(read(tx -> three.find(tx, AuditQuery.ALL, 2)).further())
                .as("as many as were wanted")
                .isEmpty();
        assertThat(read(tx -> three.find(tx, AuditQuery.ALL.onTarget(KEY), 2)).records())
                .containsExactly(first);
    }

    @Test
    void find_byTargetAndTime_isWhoUsedAKeyVersionLately() {
        append("a", 0, use(Action.KEY_WRAP));
        AuditRecord late = append("a", 10, use(Action.KEY_UNWRAP));
        append("a", 11, allowed(Action.DISK_WRITE, DISK));

        assertThat(find(AuditQuery.ALL.onTarget(KEY).since(T0.plus(Duration.ofMinutes(5)))))
                .containsExactly(late);
        assertThat(find(AuditQuery.ALL.onTarget(KEY).to(T0))).hasSize(1);
    }

    @Test
    void find_withinAScope_takesWhatIsBelowAndNotWhatIsBeside() {
        AuditRecord group = append("a", 0, allowed(Action.GROUP_WRITE, GROUP));
        AuditRecord disk = append("a", 1, allowed(Action.DISK_WRITE, DISK));
        append("a", 2, allowed(Action.GROUP_WRITE, new Scope(GROUP + "2")));
        append("a", 3, allowed(Action.GROUP_WRITE, new Scope(GROUP + "-x")));

        assertThat(find(AuditQuery.ALL.inside(GROUP))).containsExactly(disk, group);
        assertThat(find(AuditQuery.ALL.at(GROUP))).containsExactly(group);
    }

    @Test
    void find_byCallerActionCorrelationAndOutcome() {
        AuditRecord mine = append("a", 0, allowed(Action.DISK_WRITE, DISK));

        assertThat(find(AuditQuery.ALL.by(who.principal().toString().toUpperCase(Locale.ROOT))))
                .containsExactly(mine);
        assertThat(find(AuditQuery.ALL.by(UUID.randomUUID().toString()))).isEmpty();
        assertThat(find(AuditQuery.ALL.by("who"))).containsExactly(mine);
        assertThat(find(AuditQuery.ALL.by("Who"))).isEmpty();
        assertThat(find(AuditQuery.ALL.action("microsoft.compute/"))).containsExactly(mine);
        assertThat(find(AuditQuery.ALL.action("Microsoft.Comput_/"))).isEmpty();
        assertThat(find(AuditQuery.ALL.of(call.correlation()))).containsExactly(mine);
        assertThat(find(AuditQuery.ALL.of(UUID.randomUUID()))).isEmpty();
        assertThat(find(AuditQuery.ALL.ended(List.of(Outcome.ALLOWED)))).containsExactly(mine);
        assertThat(find(AuditQuery.ALL.ended(List.of(Outcome.REFUSED, Outcome.FAILED))))
                .isEmpty();
    }

    @Test
    void find_withoutKeys_leavesOutUsesAndWhatCameInAtAVault() {
        AuditRecord write = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        append("a", 1, use(Action.KEY_UNWRAP));
        Call atVault = new Call(who, UUID.randomUUID(), Optional.empty(), Door.VAULT);
        append(
                "a",
                2,
                new AuditEntry(
                        atVault,
                        Action.KEY_CREATE,
                        GROUP,
                        Optional.empty(),
                        Outcome.ALLOWED,
                        Optional.empty(),
                        Optional.empty()));

        assertThat(find(AuditQuery.ALL.leavingOutKeys())).containsExactly(write);
    }

    @Test
    void checkpoints_comeBack_andOneOfThemIsTheCut() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        AuditRecord two = append("a", 1, allowed(Action.DISK_WRITE, DISK));
        Checkpoint first = checkpoint(1, one);
        Checkpoint second = checkpoint(2, two);
        run(tx -> audit().append(tx, first));
        run(tx -> audit().append(tx, second));

        assertThat(many(tx -> audit().checkpointsAfter(tx, "a", 0, 10))).containsExactly(first, second);
        assertThat(many(tx -> audit().checkpointsAfter(tx, "a", 1, 10))).containsExactly(second);
        assertThat(one(tx -> audit().lastCheckpoint(tx, "a"))).contains(second);
        assertThat(one(tx -> audit().cut(tx, "a"))).isEmpty();

        run(tx -> audit().markCut(tx, first));

        assertThat(one(tx -> audit().cut(tx, "a"))).contains(first);
        assertThatThrownBy(() -> run(tx -> audit().markCut(tx, checkpoint(3, two))))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void remove_takesTheOldest_inSteps_andNeverMore() {
        for (int i = 0; i < 5; i++) {
            append("a", i, allowed(Action.DISK_WRITE, DISK));
        }
        append("b", 0, allowed(Action.DISK_WRITE, DISK));

        assertThat(removed(4)).isEqualTo(3);
        assertThat(many(tx -> audit().after(tx, "a", 0, 10))).hasSize(2);
        assertThat(removed(4)).isEqualTo(1);
        assertThat(removed(4)).isZero();
        assertThat(many(tx -> audit().after(tx, "b", 0, 10))).hasSize(1);
    }

    @Test
    void append_afterAllIsCut_goesOnBehindTheCheckpoint() {
        AuditRecord one = append("a", 0, allowed(Action.DISK_WRITE, DISK));
        run(tx -> audit().append(tx, checkpoint(1, one)));
        write(tx -> audit().remove(tx, "a", 1, 10));

        AuditRecord two = append("a", 1, allowed(Action.DISK_WRITE, DISK));

        assertThat(two.sequence()).isEqualTo(2);
        assertThat(two.follows(one.hash())).isTrue();
    }
}
