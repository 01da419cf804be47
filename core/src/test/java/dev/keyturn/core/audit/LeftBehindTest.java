package dev.keyturn.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Tx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The chain of a node that was killed for good, and the others. */
class LeftBehindTest {
    private static final Duration KEPT = Duration.ofDays(400);

    private final InMemoryAudit store = new InMemoryAudit();
    private final TestSigner signer = new TestSigner();
    private final TestLasts lasts = new TestLasts();
    private Instant now = Instant.parse("2026-05-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private Set<String> live = Set.of();
    private final AuditLog gone = new AuditLog(store, clock, "gone");
    private final AuditLog log = new AuditLog(store, clock, "here");
    private final Checkpoints here = checkpoints("here", log);
    private final Checkpoints third = checkpoints("third", new AuditLog(store, clock, "third"));

    private Checkpoints checkpoints(String node, AuditLog records) {
        return new Checkpoints(store, store, records, signer, lasts, ServerTime.of(clock), node, (Tx tx) -> live);
    }

    private void append(AuditLog to) {
        AuditEntry entry = new AuditEntry(
                Call.server(Call.SERVER, UUID.randomUUID()),
                Action.SIGN_IN,
                Scope.of(ArmId.TENANT),
                Optional.empty(),
                Outcome.ALLOWED,
                Optional.empty(),
                Optional.empty());
        store.run(tx -> assertThat(to.append(tx, entry).sequence()).isPositive());
    }

    @Test
    void whatANodeWroteBeforeItWasKilledForGood_isSignedByAnother_once() {
        append(gone);
        append(gone);
        append(log);

        assertThat(here.signLeftBehind()).extracting(Checkpoint::node).containsExactly("gone");
        assertThat(store.lastCheckpoint(tx(), "gone")).map(Checkpoint::sequence).contains(2L);
        assertThat(third.signLeftBehind()).extracting(Checkpoint::node).containsExactly("here");
        assertThat(here.signLeftBehind()).isEmpty();
    }

    @Test
    void chainOfANodeThatIsThere_isItsOwnToSign() {
        append(gone);
        live = Set.of("gone");
        assertThat(here.signLeftBehind()).isEmpty();
        assertThat(here.cutLeftBehind(KEPT)).isZero();
    }

    @Test
    void nodeThatComesBackWhileAnotherSigns_signsItself() {
        append(gone);
        Checkpoints slow =
                new Checkpoints(store, store, log, signer, lasts, ServerTime.of(clock), "here", new LiveNodes() {
                    private int asked;

                    @Override
                    public Set<String> others(Tx tx) {
                        return asked++ == 0 ? Set.of() : Set.of("gone");
                    }
                });
        assertThat(slow.signLeftBehind()).isEmpty();
        assertThat(store.checkpoints).isEmpty();
    }

    @Test
    void recordsOfANodeThatIsGone_areCutByAnother_andItsChainSaysSo() {
        append(gone);
        append(gone);
        assertThat(here.signLeftBehind()).hasSize(1);
        now = now.plus(KEPT).plusSeconds(1);

        assertThat(here.cutLeftBehind(KEPT)).isEqualTo(2);

        List<AuditRecord> rest = store.after(tx(), "gone", 0, 9);
        assertThat(rest).singleElement().satisfies(r -> {
            assertThat(r.action()).isEqualTo(Action.AUDIT_CUT.azure());
            assertThat(r.target()).contains(Checkpoints.cutTarget("gone", 2));
            assertThat(r.sequence()).isEqualTo(3);
        });
        assertThat(store.after(tx(), "here", 0, 9)).isEmpty();
        append(gone); // it comes back
        assertThat(store.last(tx(), "gone")).map(Link::sequence).contains(4L);
    }

    private Tx tx() {
        return store.read(tx -> tx);
    }
}
