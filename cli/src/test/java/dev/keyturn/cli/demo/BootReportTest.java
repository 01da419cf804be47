package dev.keyturn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BootReportTest {
    private static final String FIRST = """
            BdsDxe: starting Boot0001\r
            KEYTURN boot=1\r
            KEYTURN store=file how=written value=aa\r
            KEYTURN store=tpm how=written value=bb\r
            KEYTURN store=uefi how=written value=cc\r
            KEYTURN store=data0 how=written value=dd\r
            """;
    private static final String SECOND = FIRST.replace("written", "read").replace("boot=1", "boot=2");
    private static final String READY = "KEYTURN ready\r\n";

    @Test
    void aBoot_countsOnlyWhenTheGuestIsReady() {
        assertThat(BootReport.of(FIRST)).isEmpty();
        assertThat(BootReport.of(FIRST + "KEYTURN rea")).isEmpty();
        assertThat(BootReport.of(FIRST + READY))
                .hasValueSatisfying(
                        r -> assertThat(r.stores()).containsEntry("tpm", new BootReport.Value("written", "bb")))
                .hasValueSatisfying(r -> assertThat(r.boot()).isEqualTo(1));
    }

    @Test
    void aGuestThatCannotWork_endsTheStoryWithItsReason() {
        assertThatThrownBy(() -> BootReport.of("KEYTURN failed reason=module-ext4\r\n"))
                .isInstanceOf(StoryFailedException.class)
                .hasMessage("a guest cannot do its work: module-ext4");
    }

    @Test
    void valuesThatAreReadBackUnchanged_pass() {
        Guests.mustBeNew(reports(FIRST));
        Guests.mustBeKept(reports(FIRST), reports(SECOND));
        assertThat(Guests.values(reports(SECOND))).isEqualTo(4);
    }

    @Test
    void aValueThatIsWrittenAnew_isALoss() {
        fails(SECOND.replace("tpm how=read value=bb", "tpm how=written value=ee"), "TPM NV index of vm", "is written");
    }

    @Test
    void aValueThatCannotBeRead_isALoss_withTheReason() {
        fails(
                SECOND.replace("data0 how=read value=dd", "data0 how=failed reason=read"),
                "data disk of vm",
                "failed (read)");
    }

    @Test
    void anotherValue_isALoss() {
        fails(SECOND.replace("value=aa", "value=ab"), "file on OS disk of vm", "should hold aa, and holds ab");
    }

    @Test
    void aStoreThatTheGuestDoesNotMention_isALoss() {
        fails(SECOND.replace("KEYTURN store=uefi how=read value=cc\r\n", ""), "UEFI variable of vm", "not there");
    }

    @Test
    void aGuestThatDidNotBootAgain_isNotTakenForOneThatDid() {
        fails(SECOND.replace("boot=2", "boot=1"), "vm should have booted once more", "boot 1");
    }

    private static void fails(String second, String... said) {
        assertThatThrownBy(() -> Guests.mustBeKept(reports(FIRST), reports(second)))
                .isInstanceOf(StoryFailedException.class)
                .message()
                .contains(said);
    }

    private static Map<String, BootReport> reports(String console) {
        return Map.of("vm", BootReport.of(console + READY).orElseThrow());
    }
}
