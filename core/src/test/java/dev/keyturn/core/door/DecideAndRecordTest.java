package dev.keyturn.core.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.ChainHash;
import dev.keyturn.core.audit.InMemoryAudit;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Call.Door;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class DecideAndRecordTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00.123456Z");
    private static final Scope AT = new Scope("/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/disks/D");
    private static final Caller WHO = new Caller(new PrincipalId(UUID.randomUUID()), "who");
    private static final Call CALL = new Call(WHO, UUID.randomUUID(), Optional.of("mine"), Door.ARM);

    private final InMemoryAudit store = new InMemoryAudit();
    private final Granted granted = new Granted();
    private final Doors doors =
            new Doors(store, granted, new AuditLog(store, Clock.fixed(NOW, ZoneOffset.UTC), "node-a"));

    /** What the caller may, whatever the scope. */
    private static final class Granted implements Access {
        final Set<String> actions = new HashSet<>();

        @Override
        public boolean may(Tx tx, PrincipalId who, String action, Scope scope) {
            return actions.contains(action);
        }

        @Override
        public List<ArmId> allowedBelow(Tx tx, PrincipalId who, Scope scope, Function<ArmId, List<Action>> enough) {
            return List.of();
        }

        void to(Action action) {
            actions.add(action.azure());
        }
    }

    private AuditRecord only() {
        assertThat(store.records).hasSize(1);
        return store.records.getFirst();
    }

    private static DomainException conflict() {
        return DomainError.notAllowed("no").asException();
    }

    @Test
    void rehearsal_ofWhatIsAllowed_comesToItsEnd_andLeavesNoRecord() {
        granted.to(Action.DISK_WRITE);

        assertThatExceptionOfType(Rehearsed.class)
                .isThrownBy(() -> doors.act(
                        CALL.rehearsed(), Action.DISK_WRITE, AT, permit -> permit.write(_ -> "would be there")));

        assertThat(store.records).isEmpty();
    }

    @Test
    void rehearsal_ofWhatIsNotAllowed_isRefusedAndRecorded_asTheCallItself() {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(
                        () -> doors.act(CALL.rehearsed(), Action.DISK_WRITE, AT, permit -> permit.write(_ -> "never")));

        assertThat(only().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void rehearsal_thatFails_saysWhy_andLeavesNoRecord() {
        granted.to(Action.DISK_WRITE);

        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> doors.act(
                        CALL.rehearsed(),
                        Action.DISK_WRITE,
                        AT,
                        permit -> permit.write(_ -> {
                            throw conflict();
                        })));

        assertThat(store.records).isEmpty();
    }

    /** Its work is done outside of a transaction, where nothing takes it back. */
    @Test
    void rehearsal_ofWhatDoesMoreThanWrite_isNone() {
        granted.to(Action.KEY_CREATE);

        assertThatThrownBy(() -> doors.act(CALL.rehearsed(), Action.KEY_CREATE, AT, _ -> "a key"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be rehearsed");
    }

    @Test
    void require_allowedRead_leavesNoRecord() {
        granted.to(Action.DISK_READ);

        doors.require(CALL, Action.DISK_READ, AT);

        assertThat(store.records).isEmpty();
    }

    @Test
    void require_refusedRead_isRecordedAndThrownInAzuresWords() {
        assertThatThrownBy(() -> doors.require(CALL, Action.DISK_READ, AT))
                .hasMessage(RoleAccess.refused(WHO, Action.DISK_READ.azure(), AT)
                        .asException()
                        .getMessage());

        AuditRecord r = only();
        assertThat(r.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(r.code()).contains("AuthorizationFailed");
        assertThat(r.action()).isEqualTo("Microsoft.Compute/disks/read");
        assertThat(r.scope()).isEqualTo(AT.path());
        assertThat(r.caller()).isEqualTo(WHO.principal());
        assertThat(r.callerName()).isEqualTo("who");
        assertThat(r.correlation()).isEqualTo(CALL.correlation());
        assertThat(r.clientRequest()).contains("mine");
        assertThat(r.door()).isEqualTo(Door.ARM);
        assertThat(r.at()).isEqualTo(Instant.parse("2026-05-01T10:00:00.123Z"));
        assertThat(r.node()).isEqualTo("node-a");
    }

    @Test
    void require_refusalThatCannotBeRecorded_isNotAnswered() {
        store.broken = Optional.of(
                new DomainError.Unavailable(DomainError.notAllowed("disk full").info()).asException());

        assertThatThrownBy(() -> doors.require(CALL, Action.DISK_READ, AT)).hasMessageContaining("disk full");
    }

    @Test
    void act_refused_doesNotBegin() {
        assertThatThrownBy(() -> doors.act(CALL, Action.DISK_WRITE, AT, _ -> store.deeds.add("begun")))
                .hasMessageContaining("AuthorizationFailed");

        assertThat(only().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(store.deeds).isEmpty();
    }

    @Test
    void write_isDoneAndRecordedInOne_withTheOperationThatItBegan() {
        granted.to(Action.DISK_WRITE);
        UUID operation = UUID.randomUUID();

        boolean done = doors.act(
                CALL,
                Action.DISK_WRITE,
                AT,
                permit -> permit.write(_ -> {
                    permit.began(operation);
                    return store.deeds.add("disk");
                }));

        assertThat(done).isTrue();
        assertThat(store.deeds).containsExactly("disk");
        assertThat(only().outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(only().operation()).contains(operation);
        assertThat(only().code()).isEmpty();
        assertThat(only().follows(ChainHash.NONE)).isTrue();
    }

    @Test
    void write_runTwice_isRecordedOnce_andAnOperationOfTheFirstRunIsForgotten() {
        granted.to(Action.DISK_WRITE);
        store.twice = true;
        int[] runs = {0};

        doors.act(
                CALL,
                Action.DISK_WRITE,
                AT,
                permit -> permit.write(_ -> {
                    if (runs[0]++ == 0) {
                        permit.began(UUID.randomUUID());
                    }
                    return store.deeds.add("disk");
                }));

        assertThat(runs[0]).isEqualTo(2);
        assertThat(store.deeds).containsExactly("disk");
        assertThat(only().operation()).isEmpty();
    }

    @Test
    void write_rolledBack_leavesNoAllowedRecord_butThatItFailedAndWhy() {
        granted.to(Action.DISK_WRITE);

        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> doors.act(
                        CALL,
                        Action.DISK_WRITE,
                        AT,
                        permit -> permit.write(_ -> {
                            store.deeds.add("disk");
                            throw conflict();
                        })))
                .withMessageContaining("OperationNotAllowed");

        assertThat(store.deeds).isEmpty();
        assertThat(only().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(only().code()).contains("OperationNotAllowed");
    }

    @Test
    void write_permissionGoneInBetween_isRefusedAndTakenBack_andRecordedOnce() {
        granted.to(Action.DISK_WRITE);

        assertThatThrownBy(() -> doors.act(CALL, Action.DISK_WRITE, AT, permit -> {
                    granted.actions.clear();
                    return permit.write(_ -> store.deeds.add("disk"));
                }))
                .hasMessageContaining("AuthorizationFailed");

        assertThat(store.deeds).isEmpty();
        assertThat(only().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void act_thatWroteNothing_isRecordedOnceAtItsEnd() {
        granted.to(Action.KEY_UNWRAP);

        String plain = doors.act(CALL, Action.KEY_UNWRAP, AT, permit -> {
            permit.on("https://v/keys/k/1");
            assertThat(store.records).isEmpty();
            return "plain";
        });

        assertThat(plain).isEqualTo("plain");
        assertThat(only().outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(only().target()).contains("https://v/keys/k/1");
    }

    @Test
    void act_useThatCannotBeRecorded_isNotAnswered() {
        granted.to(Action.KEY_UNWRAP);

        assertThatThrownBy(() -> doors.act(CALL, Action.KEY_UNWRAP, AT, _ -> {
                    store.broken = Optional.of(new IllegalStateException("disk full"));
                    return "plain";
                }))
                .hasMessage("disk full");
    }

    @Test
    void act_failsByABug_isRecordedAsSuch_andThrownOn() {
        granted.to(Action.KEY_SIGN);
        RuntimeException bug = new IllegalStateException("secret details");

        assertThatThrownBy(() -> doors.act(CALL, Action.KEY_SIGN, AT, permit -> {
                    permit.on("https://v/keys/k/1");
                    throw bug;
                }))
                .isSameAs(bug);

        assertThat(only().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(only().code()).contains("InternalServerError");
        assertThat(only().target()).contains("https://v/keys/k/1");
    }

    @Test
    void act_failureThatCannotBeRecorded_isThrownAllTheSame() {
        granted.to(Action.DISK_WRITE);

        assertThatThrownBy(() -> doors.act(CALL, Action.DISK_WRITE, AT, _ -> {
                    store.broken = Optional.of(new IllegalStateException("disk full"));
                    throw conflict();
                }))
                .hasMessageContaining("OperationNotAllowed");
    }

    @Test
    void act_writesTwice_eachIsRecordedWithWhatItDid() {
        granted.to(Action.DISK_WRITE);

        assertThatThrownBy(() -> doors.act(CALL, Action.DISK_WRITE, AT, permit -> {
                    permit.write(_ -> store.deeds.add("one"));
                    throw conflict();
                }))
                .hasMessageContaining("OperationNotAllowed");

        assertThat(store.deeds).containsExactly("one");
        assertThat(store.records).extracting(AuditRecord::outcome).containsExactly(Outcome.ALLOWED, Outcome.FAILED);
        assertThat(store.records.get(1).follows(store.records.get(0).hash())).isTrue();
    }

    @Test
    void act_read_recordsNoSuccess() {
        granted.to(Action.HSM_RANDOM);

        doors.act(CALL, Action.HSM_RANDOM, AT, _ -> "bytes");

        assertThat(store.records).isEmpty();
    }

    @Test
    void decidedCall_isNotAskedAbout_butRecorded() {
        doors.act(
                Call.server(WHO, CALL.correlation()),
                Action.DISK_DELETE,
                AT,
                permit -> permit.write(_ -> store.deeds.add("gone")));

        assertThat(store.deeds).containsExactly("gone");
        assertThat(only().outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(only().door()).isEqualTo(Door.SERVER);
        assertThat(only().caller()).isEqualTo(WHO.principal());
    }

    @Test
    void severalQuestions_refusalIsRecordedAsTheOneThatWasRefused_theDeedAsTheMainOne() {
        Scope identity = new Scope("/subscriptions/s/resourceGroups/identity");
        Ask both =
                Ask.all(doors.roles(Action.DISK_SET_WRITE, AT), List.of(doors.roles(Action.IDENTITY_ASSIGN, identity)));
        granted.to(Action.DISK_SET_WRITE);

        assertThatThrownBy(() -> doors.act(CALL, both, _ -> "")).hasMessageContaining("assign/action");
        granted.to(Action.IDENTITY_ASSIGN);
        doors.act(CALL, both, permit -> permit.write(_ -> store.deeds.add("set")));

        assertThat(store.records).hasSize(2);
        assertThat(store.records.get(0).action()).isEqualTo(Action.IDENTITY_ASSIGN.azure());
        assertThat(store.records.get(0).scope()).isEqualTo(identity.path());
        assertThat(store.records.get(1).action()).isEqualTo(Action.DISK_SET_WRITE.azure());
    }

    @Test
    void textOfAClients_isRecordedWithoutWhatADatabaseOrALogWouldTrip() {
        Caller odd = new Caller(WHO.principal(), "a\u0000b\ud800c" + "x".repeat(5_000));

        assertThatThrownBy(() -> doors.require(
                        new Call(odd, UUID.randomUUID(), Optional.empty(), Door.VAULT), Action.KEY_READ, AT))
                .isInstanceOf(DomainException.class);

        assertThat(only().callerName()).startsWith("a?b?cxxx").hasSize(2_000);
    }
}
