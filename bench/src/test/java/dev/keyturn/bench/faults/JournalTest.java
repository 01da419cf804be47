package dev.keyturn.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.bench.faults.Journal.Entry;
import dev.keyturn.bench.faults.Journal.Told;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What may be found after a round follows from what clients were told. */
class JournalTest {
    private static final String KEY = "set's key";

    private final Journal journal = new Journal();

    @Test
    void aWriteThatWasAcknowledged_andIsNotThere_isAViolation() {
        journal.acknowledge(journal.begin("group", "present", "PUT", true), "");
        assertThat(journal.violations(Map.of(), Map.of())).containsExactly("group is absent, and must be present");
        assertThat(journal.violations(Map.of(), Map.of("group", "present"))).isEmpty();
    }

    @Test
    void aWriteThatWasNotAnswered_mayBeThere_orNot_butNothingElse() {
        journal.initially(KEY, "old");
        Entry entry = journal.begin(KEY, "new", "rotation", true);
        assertThat(entry.told).isEqualTo(Told.NOTHING);
        assertThat(journal.violations(Map.of(), Map.of(KEY, "old"))).isEmpty();
        assertThat(journal.violations(Map.of(), Map.of(KEY, "new"))).isEmpty();
        assertThat(journal.violations(Map.of(), Map.of(KEY, "third"))).hasSize(1);
    }

    @Test
    void aWriteThatWasRefused_mustNotBeThere() {
        journal.initially(KEY, "old");
        journal.begin(KEY, "new", "rotation", true).told = Told.REFUSED;
        assertThat(journal.violations(Map.of(), Map.of(KEY, "new"))).hasSize(1);
    }

    @Test
    void R5_aRotationThatFailed_leavesTheSetsKey() {
        journal.initially(KEY, "old");
        journal.acknowledge(journal.begin(KEY, "new", "rotation", true), "/op");
        assertThat(journal.violations(Map.of("/op", "Failed"), Map.of(KEY, "new")))
                .hasSize(1);
        assertThat(journal.violations(Map.of("/op", "Failed"), Map.of(KEY, "old")))
                .isEmpty();
        assertThat(journal.violations(Map.of("/op", "Succeeded"), Map.of(KEY, "old")))
                .hasSize(1);
    }

    @Test
    void whatComesLater_counts() {
        journal.acknowledge(journal.begin("vm", "running", "creation", false), "/1");
        journal.acknowledge(journal.begin("vm", "stopped", "stop", false), "/2");
        Map<String, String> ends = Map.of("/1", "Succeeded", "/2", "Succeeded");
        assertThat(journal.violations(ends, Map.of("vm", "running"))).hasSize(1);
        assertThat(journal.violations(ends, Map.of("vm", "stopped"))).isEmpty();
    }

    @Test
    void aWriteThatWasAcknowledged_isRecordedOnce() {
        journal.acknowledge(journal.begin("/resourceGroups/ack-1", "present", "PUT", true), "");
        assertThat(journal.unrecorded(Map.of("/subscriptions/s/resourcegroups/ack-1", 1)))
                .isEmpty();
        assertThat(journal.unrecorded(Map.of("/subscriptions/s/resourcegroups/ack-10", 1)))
                .hasSize(1);
        assertThat(journal.unrecorded(Map.of("/subscriptions/s/resourcegroups/ack-1", 2)))
                .hasSize(1);
    }

    @Test
    void anOperationWhoseEndWasTold_endsAsNothingElse() {
        Entry entry = journal.begin("vm", "running", "start", false);
        journal.acknowledge(entry, "/1");
        entry.ended = "Succeeded";
        assertThat(journal.violations(Map.of("/1", "Failed"), Map.of("vm", "running")))
                .singleElement()
                .asString()
                .contains("had ended as Succeeded is Failed");
    }
}
