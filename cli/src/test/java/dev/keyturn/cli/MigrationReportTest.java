package dev.keyturn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.database.Migration;
import dev.keyturn.store.migrate.TableResult;
import dev.keyturn.store.migrate.TableSum;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

final class MigrationReportTest {
    private static final String URL = "postgresql://u@h:5432/d";
    private static final TableResult VM = result("vm", 3, 3, "ab", "ab");
    private static final TableResult DISK = result("disk", 70, 69, "cd", "ef");

    @Test
    void aMove_tellsEachTable_andWhatHasToBeCarriedAlong() {
        String text = text(outcome(Optional.of(Instant.EPOCH), VM), true);

        assertThat(text.lines())
                .contains(
                        "TABLE                          ROWS  SHA-256           AGREES",
                        "vm                                3  abababababababab  yes")
                .anyMatch(l -> l.startsWith("The installation i was moved to " + URL
                        + " on 1970-01-01T00:00:00Z. No server" + " starts on dir any more."))
                .anyMatch(l -> l.contains("master.key; ca.key and ca.pem"))
                .anyMatch(l -> l.contains("libvirt host stay where they are"));
        assertThat(text(outcome(Optional.of(Instant.EPOCH), VM), false)).contains("dir needs master.key of the nodes");
    }

    @Test
    void aTableThatDiffers_isSeen_andNothingIsSaidToBeMoved() {
        String text = text(outcome(Optional.empty(), VM, DISK), true);

        assertThat(text)
                .contains(
                        "disk                             70  cdcdcdcdcdcdcdcd  NO: 69 rows, efefefefefefefef in the copy")
                .contains("NOT moved")
                .contains("dir is as it was")
                .doesNotContain("was moved");
    }

    @Test
    void aMoveThatWasMadeBefore_isNotToldAsMadeNow() {
        assertThat(text(outcome(Optional.of(Instant.EPOCH)), true))
                .contains("by an earlier run: nothing was done now")
                .doesNotContain("TABLE");
    }

    @Test
    void theDocument_hasBothSidesOfEachTable() {
        ObjectNode document = new MigrationReport(outcome(Optional.empty(), DISK), "dir", URL, true).json();

        assertThat(document.get("moved").booleanValue()).isFalse();
        assertThat(document.has("at")).isFalse();
        assertThat(document.get("tables").get(0).toString())
                .isEqualTo("{\"table\":\"disk\",\"rows\":70,\"rowsInCopy\":69,\"sha256\":\"" + "cd".repeat(32)
                        + "\",\"sha256InCopy\":\"" + "ef".repeat(32) + "\",\"agrees\":false}");
        assertThat(document.get("next").size()).isEqualTo(1);
    }

    private static String text(Migration.Outcome outcome, boolean toServer) {
        StringWriter text = new StringWriter();
        new MigrationReport(outcome, toServer ? "dir" : URL, toServer ? URL : "dir", toServer)
                .text(new PrintWriter(text, true));
        return text.toString();
    }

    private static Migration.Outcome outcome(Optional<Instant> done, TableResult... tables) {
        return new Migration.Outcome("i", done, List.of(tables));
    }

    private static TableResult result(String table, long rows, long copied, String digest, String copiedDigest) {
        return new TableResult(
                new TableSum(table, rows, digest.repeat(32)), new TableSum(table, copied, copiedDigest.repeat(32)));
    }
}
