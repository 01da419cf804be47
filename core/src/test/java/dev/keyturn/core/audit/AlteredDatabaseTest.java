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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody who can write the database and has no master key, between two signatures. */
class AlteredDatabaseTest {
    private static final String NODE = "n1";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-05-01T00:00:00Z"), ZoneOffset.UTC);

    private final InMemoryAudit store = new InMemoryAudit();
    private final TestSigner signer = new TestSigner();
    private final TestLasts lasts = new TestLasts();
    private final AuditLog log = new AuditLog(store, CLOCK, NODE);
    private final Checkpoints checkpoints =
            new Checkpoints(store, store, log, signer, lasts, ServerTime.of(CLOCK), NODE, LiveNodes.NONE);
    private final AuditReader reader = new AuditReader(store, store, signer, lasts);

    @BeforeEach
    void fill() {
        for (int i = 0; i < 6; i++) {
            append("who");
            if (i % 2 == 1) {
                checkpoints.sign();
            }
        }
        append("who");
        assertThat(reader.wrong(NODE)).isEmpty();
        assertThat(store.checkpoints).hasSize(3);
    }

    private void append(String who) {
        Call call = new Call(
                new Caller(new PrincipalId(new UUID(1, 1)), who), UUID.randomUUID(), Optional.empty(), Door.ARM);
        store.run(tx -> log.append(
                tx,
                new AuditEntry(
                        call,
                        Action.DISK_WRITE,
                        new Scope("/hsm/h"),
                        Optional.empty(),
                        Outcome.ALLOWED,
                        Optional.empty(),
                        Optional.empty())));
    }

    /** Other records from that place on, with hashes that fit. */
    private void rewriteFrom(int index, int count) {
        store.records = new ArrayList<>(store.records.subList(0, index));
        for (int i = 0; i < count; i++) {
            append("somebody else");
        }
    }

    private void assertNotSigned(String why) {
        int before = store.checkpoints.size();

        assertThat(checkpoints.sign()).isEmpty();
        assertThat(checkpoints.cut(Duration.ZERO)).isZero();

        assertThat(store.checkpoints).hasSize(before);
        assertThat(reader.wrong(NODE)).hasValueSatisfying(w -> assertThat(w).contains(why));
        assertThat(reader.nodes()).containsExactly(NODE);
    }

    @Test
    void allCheckpointsDeleted_andRecordsWrittenAnew_isNotSigned() {
        store.checkpoints.clear();
        rewriteFrom(0, 7);

        assertNotSigned("its last checkpoint was 3, ");
    }

    @Test
    void newestCheckpointDeleted_andRecordsBehindTheOneBeforeWrittenAnew_isNotSigned() {
        store.checkpoints.removeLast();
        rewriteFrom(4, 3);

        assertNotSigned("the last that is there is checkpoint 2");
    }

    @Test
    void everythingDeleted_isNotSigned() {
        store.checkpoints.clear();
        store.records.clear();

        assertNotSigned("there is none");
    }

    @Test
    void recordsWrittenAnewBeforeTheLastCheckpoint_areNotSigned() {
        rewriteFrom(3, 5);

        assertNotSigned("record 6 was altered or removed");
    }

    @Test
    void recordsCutOffBeforeTheLastCheckpoint_areNotPassedOverInSilence() {
        store.records = new ArrayList<>(store.records.subList(0, 5));

        assertNotSigned("its records end with 5");
    }

    @Test
    void whatWasKeptIsGone_isNotSigned() {
        lasts.problem = Optional.of("it is missing");

        assertNotSigned("it is missing");
    }

    @Test
    void whatRetentionCut_isNoAlteration() {
        checkpoints.sign();

        assertThat(checkpoints.cut(Duration.ZERO)).isEqualTo(7);

        assertThat(reader.wrong(NODE)).isEmpty();
        assertThat(checkpoints.sign()).isPresent();
        assertThat(List.of(store.records.size(), store.checkpoints.size())).containsExactly(1, 5);
    }
}
