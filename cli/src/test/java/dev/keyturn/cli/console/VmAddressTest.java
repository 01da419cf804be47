package dev.keyturn.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.cli.CliException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class VmAddressTest {
    private static String id(String group, String name) {
        return "/subscriptions/s/resourceGroups/" + group + "/providers/Microsoft.Compute/virtualMachines/" + name;
    }

    @Test
    void aNameThatOneVmHas_isFound_inAnyCase() {
        VmAddress found = VmAddress.named("ONE", List.of(id("a", "one"), id("a", "two")));
        assertThat(found.id()).isEqualTo(id("a", "one"));
    }

    @Test
    void aNameThatSeveralVmsHave_isRefusedWithTheirGroups() {
        List<String> ids = List.of(id("a", "one"), id("b", "One"), id("c", "two"));
        assertThatThrownBy(() -> VmAddress.named("one", ids))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.status()).isEqualTo(CliException.USAGE))
                .hasMessage("there are 2 VMs 'one'; say which with --resource-group: a, b");
    }

    @Test
    void aNameThatNoVmHas_isRefused() {
        assertThatThrownBy(() -> VmAddress.named("three", List.of(id("a", "one"))))
                .hasMessage("there is no VM 'three' on this server");
    }

    @Test
    void aResourceId_isTakenApart_inAnyCase_andNothingElseIsOne() {
        assertThat(VmAddress.parse(id("my group", "vm").toUpperCase(Locale.ROOT)))
                .contains(new VmAddress("S", "MY GROUP", "VM"));
        assertThat(new VmAddress("s", "my group", "a?b").path())
                .isEqualTo("/resourceGroups/my%20group/providers/Microsoft.Compute/virtualMachines/a%3Fb");
        assertThat(VmAddress.parse(id("g", "vm") + "/start")).isEmpty();
        assertThat(VmAddress.parse(id("g", "vm").replace("virtualMachines", "disks")))
                .isEmpty();
    }
}
