package dev.keyturn.core.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.InMemoryAudit;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A question that comes up in the transaction, and one that knows what exactly it is about. */
class FurtherQuestionTest {
    private static final Scope AT = new Scope("/subscriptions/s");
    private static final Call CALL = new Call(
            new Caller(new PrincipalId(UUID.randomUUID()), "who"), UUID.randomUUID(), Optional.empty(), Call.Door.ARM);

    private final InMemoryAudit store = new InMemoryAudit();
    private final Doors doors =
            new Doors(store, new Nobody(), new AuditLog(store, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), "node-a"));

    private static final class Nobody implements Access {
        @Override
        public boolean may(Tx tx, PrincipalId who, String action, Scope scope) {
            return false;
        }

        @Override
        public List<ArmId> allowedBelow(Tx tx, PrincipalId who, Scope scope, Function<ArmId, List<Action>> enough) {
            return List.of();
        }
    }

    /** Answered as the test says. */
    private record Answered(Action action, Scope at, Optional<String> target, boolean allowed) implements Ask {
        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            return allowed ? Optional.empty() : Optional.of(DomainError.notAllowed("no"));
        }
    }

    private static Ask answered(Action action, boolean allowed) {
        return new Answered(action, AT, Optional.of("https://v/keys/k/1"), allowed);
    }

    @Test
    void furtherQuestion_refused_takesTheWriteBack_andIsRecordedAsThatQuestions() {
        Scope beside = new Scope("/subscriptions/other");
        Ask elsewhere = new Answered(Action.ROLE_ASSIGNMENT_WRITE, beside, Optional.empty(), false);
        assertThatThrownBy(() -> doors.act(
                        CALL,
                        answered(Action.VAULT_WRITE, true),
                        permit -> permit.write(tx -> {
                            permit.require(tx, elsewhere);
                            return store.deeds.add("flag");
                        })))
                .hasMessageContaining("no");

        assertThat(store.deeds).isEmpty();
        assertThat(store.records).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(r.action()).isEqualTo(Action.ROLE_ASSIGNMENT_WRITE.azure());
            assertThat(r.scope()).isEqualTo(beside.path());
            assertThat(r.target()).isEmpty(); // the write has one, the question has none
        });
    }

    @Test
    void furtherQuestion_allowed_leavesTheRecordOfTheDeedAlone() {
        doors.act(
                CALL,
                answered(Action.VAULT_WRITE, true),
                permit -> permit.write(tx -> {
                    permit.require(tx, answered(Action.ROLE_ASSIGNMENT_WRITE, true));
                    return store.deeds.add("flag");
                }));

        assertThat(store.records).extracting(AuditRecord::action).containsExactly(Action.VAULT_WRITE.azure());
    }

    @Test
    void link_refusedEarlyOrInTheWrite_isTheOnlyRecord_andNothingIsDone() {
        boolean[] allowed = {false};
        Ask link = new Ask() {
            @Override
            public Action action() {
                return Action.DISK_SET_READ;
            }

            @Override
            public Scope at() {
                return AT;
            }

            @Override
            public Optional<DomainError> refusal(Tx tx, Call call) {
                return allowed[0] ? Optional.empty() : Optional.of(DomainError.notAllowed("no"));
            }
        };
        for (boolean early : new boolean[] {true, false}) {
            store.records.clear();
            allowed[0] = !early;
            assertThatThrownBy(() -> doors.act(CALL, answered(Action.DISK_WRITE, true), permit -> {
                        permit.requireLinked(List.of(link));
                        allowed[0] = false;
                        return permit.write(_ -> store.deeds.add("disk"));
                    }))
                    .hasMessageContaining("no");

            assertThat(store.deeds).isEmpty();
            assertThat(store.records)
                    .extracting(AuditRecord::outcome, AuditRecord::action)
                    .containsExactly(tuple(Outcome.REFUSED, Action.DISK_SET_READ.azure()));
        }
    }

    @Test
    void nothing_inOrOutsideOfAWrite_leavesNoRecord_andAnotherWriteDoes() {
        doors.act(CALL, answered(Action.DISK_WRITE, true), permit -> {
            permit.nothing();
            return "there already";
        });
        doors.act(
                CALL,
                answered(Action.DISK_WRITE, true),
                permit -> permit.write(_ -> {
                    permit.nothing();
                    return "there already";
                }));
        assertThat(store.records).isEmpty();

        doors.act(CALL, answered(Action.DISK_WRITE, true), permit -> {
            permit.nothing();
            return permit.write(_ -> store.deeds.add("disk"));
        });
        assertThat(store.records).extracting(AuditRecord::outcome).containsExactly(Outcome.ALLOWED);
    }

    /** A caller that gives a writer up, which goes on and takes the record to the end. */
    @Test
    void writeThatGoesOnBehindItsCallersBack_isRecordedWithTheOperationThatItBegan() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        Transactions impatient = new Transactions() {
            @Override
            public <T> T read(Function<Tx, T> work) {
                return store.read(work);
            }

            @Override
            public <T> T write(Function<Tx, T> work) {
                if (!writers.isEmpty()) {
                    return store.write(work);
                }
                writers.add(Thread.ofVirtual().start(() -> store.write(work)));
                await(begun);
                throw new IllegalStateException("outcome unknown");
            }
        };
        Doors giveUp = new Doors(
                impatient, new Nobody(), new AuditLog(store, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), "node-a"));
        UUID operation = UUID.randomUUID();

        assertThatThrownBy(() -> giveUp.act(
                        CALL,
                        answered(Action.DISK_WRITE, true),
                        permit -> permit.write(_ -> {
                            permit.began(operation);
                            begun.countDown();
                            await(givenUp);
                            return "done";
                        })))
                .hasMessage("outcome unknown");
        givenUp.countDown();
        writers.getFirst().join();

        assertThat(store.records)
                .extracting(AuditRecord::outcome, AuditRecord::operation)
                .containsExactly(
                        tuple(Outcome.FAILED, Optional.empty()), tuple(Outcome.ALLOWED, Optional.of(operation)));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void targetOfTheQuestion_isRecorded_whetherItIsAllowedOrRefused() {
        assertThatThrownBy(() -> doors.require(CALL, answered(Action.KEY_UNWRAP, false)))
                .hasMessageContaining("no");
        doors.act(CALL, answered(Action.KEY_UNWRAP, true), _ -> "bytes");
        doors.act(CALL, answered(Action.KEY_UNWRAP, true), permit -> permit.on("https://v/keys/k/2"));

        assertThat(store.records)
                .extracting(r -> r.target().orElse(""))
                .containsExactly("https://v/keys/k/1", "https://v/keys/k/1", "https://v/keys/k/2");
    }

    @Test
    void failureThatTheRecordWouldFailWithToo_isThrownAsItIs() {
        RuntimeException down = new IllegalStateException("no answer");

        assertThatThrownBy(() -> doors.act(CALL, answered(Action.KEY_UNWRAP, true), _ -> {
                    store.broken = Optional.of(down);
                    throw down;
                }))
                .isSameAs(down);
    }
}
