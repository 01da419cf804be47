package dev.keyturn.core.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
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
        public boolean may(PrincipalId who, String action, Scope scope) {
            return false;
        }

        @Override
        public boolean may(Tx tx, PrincipalId who, String action, Scope scope) {
            return false;
        }

        @Override
        public void require(Caller caller, String action, Scope scope) {
            throw new UnsupportedOperationException();
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
        assertThatThrownBy(() -> doors.act(
                        CALL,
                        answered(Action.VAULT_WRITE, true),
                        permit -> permit.write(tx -> {
                            permit.require(tx, answered(Action.ROLE_ASSIGNMENT_WRITE, false));
                            return store.deeds.add("flag");
                        })))
                .hasMessageContaining("no");

        assertThat(store.deeds).isEmpty();
        assertThat(store.records).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.REFUSED);
            assertThat(r.action()).isEqualTo(Action.ROLE_ASSIGNMENT_WRITE.azure());
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
