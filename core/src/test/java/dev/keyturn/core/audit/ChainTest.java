package dev.keyturn.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Call.Door;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.time.ServerTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chain of random records with checkpoints, and whoever tampers with it at each of its places. */
class ChainTest {
    private static final String NODE = "n1";
    private static final int RECORDS = 24;

    private final Random random = new Random(20260501);
    private final InMemoryAudit store = new InMemoryAudit();
    private final TestSigner signer = new TestSigner();
    private final TestLasts lasts = new TestLasts();
    private Instant now = Instant.parse("2026-05-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final AuditLog log = new AuditLog(store, clock, NODE);
    private final Checkpoints checkpoints =
            new Checkpoints(store, store, log, signer, lasts, ServerTime.of(clock), NODE, LiveNodes.NONE);
    private final AuditReader reader = new AuditReader(store, store, signer, lasts);

    @BeforeEach
    void chain() {
        for (int i = 0; i < RECORDS; i++) {
            append();
            if (i % 7 == 6 || i == RECORDS - 1) {
                assertThat(checkpoints.sign()).isPresent();
            }
        }
    }

    private void append() {
        now = now.plus(Duration.ofHours(random.nextInt(1, 6)));
        List<Action> actions = List.of(Action.values());
        Outcome outcome = List.of(Outcome.values()).get(random.nextInt(3));
        Call call = new Call(
                new Caller(new PrincipalId(UUID.randomUUID()), "caller-" + random.nextInt()),
                UUID.randomUUID(),
                random.nextBoolean() ? Optional.of("r" + random.nextInt(9)) : Optional.empty(),
                Door.ARM);
        AuditEntry entry = new AuditEntry(
                call,
                actions.get(random.nextInt(actions.size())),
                new Scope("/hsm/" + random.nextInt()),
                random.nextBoolean() ? Optional.of("t" + random.nextInt()) : Optional.empty(),
                outcome,
                outcome == Outcome.ALLOWED ? Optional.empty() : Optional.of("Code"),
                random.nextBoolean() ? Optional.of(UUID.randomUUID()) : Optional.empty());
        store.run(tx -> log.append(tx, entry));
    }

    private List<String> findings(List<AuditRecord> records, List<Checkpoint> signed) {
        return findings(records, signed, Optional.empty());
    }

    /** As an export has them: each checkpoint behind the record that it vouches for, or before all where that is gone. */
    private List<String> findings(List<AuditRecord> records, List<Checkpoint> signed, Optional<Checkpoint> base) {
        ChainVerifier verifier = new ChainVerifier(NODE, new CheckpointKeys().add(signer.publicKey()));
        List<Checkpoint> left = new ArrayList<>(signed);
        while (base.isPresent()
                && !left.isEmpty()
                && left.getFirst().number() <= base.get().number()) {
            verifier.add(left.getFirst());
            if (left.removeFirst().equals(base.get())) {
                verifier.beginsBehind();
            }
        }
        for (AuditRecord r : records) {
            verifier.add(r);
            while (!left.isEmpty() && left.getFirst().sequence() <= r.sequence()) {
                verifier.add(left.removeFirst());
            }
        }
        left.forEach(verifier::add);
        verifier.end();
        return verifier.findings();
    }

    private static AuditRecord altered(AuditRecord r, int field) {
        return new AuditRecord(
                field == 0 ? "n2" : r.node(),
                r.sequence(),
                field == 1 ? r.at().plusMillis(1) : r.at(),
                field == 2 ? Door.VAULT : r.door(),
                field == 3 ? new PrincipalId(UUID.randomUUID()) : r.caller(),
                field == 4 ? "somebody" : r.callerName(),
                field == 5 ? "Microsoft.Compute/disks/burn" : r.action(),
                field == 6 ? r.scope() + "x" : r.scope(),
                field == 7 ? r.target().map(t -> t + "x").or(() -> Optional.of("")) : r.target(),
                field == 8 ? (r.outcome() == Outcome.REFUSED ? Outcome.FAILED : Outcome.REFUSED) : r.outcome(),
                field == 9 ? r.code().map(c -> c + "x").or(() -> Optional.of("")) : r.code(),
                field == 10 ? UUID.randomUUID() : r.correlation(),
                field == 11 ? r.clientRequest().isPresent() ? Optional.empty() : Optional.of("") : r.clientRequest(),
                field == 12
                        ? r.operation().isPresent() ? Optional.empty() : Optional.of(UUID.randomUUID())
                        : r.operation(),
                field == 13 ? ChainHash.NONE : r.hash());
    }

    @Test
    void whole_hasNoFinding() {
        assertThat(findings(store.records, store.checkpoints)).isEmpty();
        assertThat(store.checkpoints).hasSize(4);
    }

    @Test
    void removed_isFoundAtEveryPlace_andNamed() {
        for (int i = 0; i < RECORDS; i++) {
            List<AuditRecord> tampered = new ArrayList<>(store.records);
            tampered.remove(i);

            assertThat(findings(tampered, store.checkpoints).getFirst()).contains("record " + (i + 1) + " is missing");
        }
    }

    @Test
    void altered_isFoundAtEveryPlaceAndInEveryField() {
        for (int i = 0; i < RECORDS; i++) {
            for (int field = 0; field < 14; field++) {
                List<AuditRecord> tampered = new ArrayList<>(store.records);
                tampered.set(i, altered(tampered.get(i), field));

                assertThat(findings(tampered, store.checkpoints))
                        .as("record %s, field %s", i, field)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void alteredAndHashedAnew_toTheEnd_isFoundAgainstTheNextCheckpoint() {
        for (int i = 0; i < RECORDS; i++) {
            List<AuditRecord> tampered = new ArrayList<>(store.records.subList(0, i));
            Link before = i == 0 ? Link.beforeFirst(NODE) : tampered.getLast().link();
            for (AuditRecord r : store.records.subList(i, RECORDS)) {
                AuditEntry entry = new AuditEntry(
                        new Call(new Caller(r.caller(), "other"), r.correlation(), r.clientRequest(), r.door()),
                        Action.of(r.action()),
                        new Scope(r.scope()),
                        r.target(),
                        r.outcome(),
                        r.code(),
                        r.operation());
                AuditRecord forged = AuditRecord.behind(before, r.at(), entry);
                tampered.add(forged);
                before = forged.link();
            }

            assertThat(findings(tampered, store.checkpoints).getFirst()).contains("vouches for another");
        }
    }

    @Test
    void reordered_isFoundAtEveryPlace() {
        for (int i = 0; i + 1 < RECORDS; i++) {
            List<AuditRecord> tampered = new ArrayList<>(store.records);
            Collections.swap(tampered, i, i + 1);

            assertThat(findings(tampered, store.checkpoints)).anyMatch(f -> f.contains("out of order"));
        }
    }

    @Test
    void cutOffAtTheEnd_isFoundUpToTheLastCheckpoint() {
        for (int kept = 0; kept < RECORDS; kept++) {
            assertThat(findings(store.records.subList(0, kept), store.checkpoints))
                    .as("%s kept", kept)
                    .isNotEmpty();
        }
    }

    @Test
    void cutOffAtTheBegin_isFound_unlessItIsSaidWhereItBegins() {
        Checkpoint base = store.checkpoints.get(1);
        List<AuditRecord> kept = store.records.subList(Math.toIntExact(base.sequence()), RECORDS);

        assertThat(findings(kept, store.checkpoints)).isNotEmpty();
        assertThat(findings(kept, store.checkpoints, Optional.of(base))).isEmpty();
        assertThat(findings(kept.subList(1, kept.size()), store.checkpoints, Optional.of(base)))
                .isNotEmpty();
    }

    @Test
    void checkpoint_removedOrAlteredOrSignedByAnother_isFound() {
        Checkpoint one = store.checkpoints.get(1);
        List<Checkpoint> without = new ArrayList<>(store.checkpoints);
        without.remove(one);
        List<Checkpoint> later = new ArrayList<>(store.checkpoints);
        later.set(
                1,
                new Checkpoint(
                        NODE,
                        one.number(),
                        one.sequence(),
                        one.at().plusSeconds(1),
                        one.hash(),
                        one.before(),
                        one.keyId(),
                        one.signature()));
        List<Checkpoint> others = new ArrayList<>(store.checkpoints);
        Checkpoint unsigned = new Checkpoint(
                NODE,
                one.number(),
                one.sequence(),
                one.at(),
                one.hash(),
                one.before(),
                new TestSigner().keyId(),
                new byte[0]);
        others.set(1, unsigned.with(new TestSigner().sign(unsigned.signed())));

        assertThat(findings(store.records, without)).anyMatch(f -> f.contains("checkpoint 2 is missing"));
        assertThat(findings(store.records, later)).anyMatch(f -> f.contains("signature"));
        assertThat(findings(store.records, others)).anyMatch(f -> f.contains("not known"));
    }

    @Test
    void sign_withNothingNew_doesNothing_andDailyOnlyAfterADay() {
        assertThat(checkpoints.sign()).isEmpty();
        Instant signed = store.checkpoints.getLast().at();

        append();
        now = signed.plus(Duration.ofHours(23));
        assertThat(checkpoints.signDaily()).isEmpty();
        now = signed.plus(Duration.ofHours(24));
        assertThat(checkpoints.signDaily()).isPresent();
        assertThat(findings(store.records, store.checkpoints)).isEmpty();
    }

    @Test
    void cut_removesWholeSegmentsThatAreOldEnough_andTheRestVerifies() {
        Checkpoint second = store.checkpoints.get(1);
        now = second.at().plus(Duration.ofDays(400));

        assertThat(checkpoints.cut(Duration.ofDays(400))).isEqualTo(Math.toIntExact(second.sequence()));

        assertThat(reader.cut(NODE)).contains(second);
        assertThat(reader.chain(NODE, 0, 1).getFirst().sequence()).isEqualTo(second.sequence() + 1);
        assertThat(store.records.getLast().action()).isEqualTo(Action.AUDIT_CUT.azure());
        assertThat(findings(store.records, store.checkpoints, Optional.of(second)))
                .isEmpty();
        assertThat(checkpoints.cut(Duration.ofDays(400))).isZero();
        assertThat(store.records.getLast().sequence()).isEqualTo(RECORDS + 1);
    }

    @Test
    void cut_thatDiedHalfWay_isNotSeen_andTheNextOneEndsIt() {
        Checkpoint second = store.checkpoints.get(1);
        store.run(tx -> store.markCut(tx, second));
        store.run(tx -> store.remove(tx, NODE, second.sequence(), 3));

        assertThat(reader.chain(NODE, 0, 1).getFirst().sequence()).isEqualTo(second.sequence() + 1);
        assertThat(checkpoints.cut(Duration.ofDays(400))).isEqualTo(Math.toIntExact(second.sequence()) - 3);
    }

    @Test
    void append_afterEverythingWasCut_goesOnBehindTheCheckpoint() {
        store.records.clear();

        append();

        assertThat(store.records.getFirst().sequence()).isEqualTo(RECORDS + 1);
        assertThat(findings(store.records, store.checkpoints, Optional.of(store.checkpoints.getLast())))
                .isEmpty();
    }
}
