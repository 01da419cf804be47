package dev.keyturn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.CliException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostChoiceTest {
    @Test
    void withoutAWord_libvirtIsTakenWhereNothingLacks() {
        HostChoice choice = HostChoice.of(asked(), List::of);

        assertThat(choice.kind()).isEqualTo(HostKind.LIBVIRT);
        assertThat(choice.vms()).isEqualTo(2);
        assertThat(choice.line())
                .isEqualTo("host: libvirt, because libvirt answers at qemu:///system (without real machines: --host"
                        + " simulated)");
    }

    @Test
    void withoutAWord_andWithoutLibvirt_itIsSimulated_andSaysWhyAndWhatToDo() {
        HostChoice choice = HostChoice.of(asked(), HostChoiceTest::noAnswer);

        assertThat(choice.kind()).isEqualTo(HostKind.SIMULATED);
        assertThat(choice.vms()).isEqualTo(4);
        assertThat(choice.line())
                .isEqualTo("host: simulated, because no libvirt answers at qemu:///system (install and start what is"
                        + " missing with: ./keyturn demo --install)");
    }

    @Test
    void moreVmsThanRealGuestsAreGiven_areSimulated() {
        HostChoice choice =
                HostChoice.of(new HostChoice.Asked(Optional.empty(), Optional.of(9), false), HostChoiceTest::notAsked);

        assertThat(choice.kind()).isEqualTo(HostKind.SIMULATED);
        assertThat(choice.vms()).isEqualTo(9);
        assertThat(choice.why()).contains("--vms 9 is more than the 8 real guests");
    }

    @Test
    void aRunningServer_isForTheSimulatedStory() {
        HostChoice choice =
                HostChoice.of(new HostChoice.Asked(Optional.empty(), Optional.empty(), true), HostChoiceTest::notAsked);

        assertThat(choice.kind()).isEqualTo(HostKind.SIMULATED);
    }

    @Test
    void simulated_whereAskedFor_looksForNoLibvirt() {
        HostChoice choice = HostChoice.of(
                new HostChoice.Asked(Optional.of("simulated"), Optional.empty(), false), HostChoiceTest::notAsked);

        assertThat(choice.kind()).isEqualTo(HostKind.SIMULATED);
        assertThat(choice.why()).isEqualTo("it was asked for");
    }

    @Test
    void libvirt_whereAskedForAndNotThere_isRefusedWithEveryReason() {
        HostChoice.Asked libvirt = new HostChoice.Asked(Optional.of("libvirt"), Optional.empty(), false);

        assertThatThrownBy(() -> HostChoice.of(libvirt, () -> List.of("one thing lacks", "another lacks")))
                .isInstanceOfSatisfying(CliException.class, e -> {
                    assertThat(e.status()).isEqualTo(CliException.USAGE);
                    assertThat(e.lines())
                            .containsExactly(
                                    "--host libvirt: one thing lacks",
                                    "--host libvirt: another lacks",
                                    "install and start what is missing with: ./keyturn demo --install");
                });
    }

    private static HostChoice.Asked asked() {
        return new HostChoice.Asked(Optional.empty(), Optional.empty(), false);
    }

    private static List<String> noAnswer() {
        return List.of("no libvirt answers at qemu:///system");
    }

    private static List<String> notAsked() {
        throw new AssertionError("libvirt need not be looked for");
    }
}
