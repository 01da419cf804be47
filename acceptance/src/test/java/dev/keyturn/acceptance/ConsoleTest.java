package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.management.exception.ManagementException;
import com.azure.resourcemanager.compute.fluent.VirtualMachinesClient;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** Reading serial consoles where there are none: the simulated host's machines do not write. */
class ConsoleTest {
    private static final ServerProcess SERVER = ServerProcess.shared();
    private static final String NONE =
            "VM 'shared-name' has no serial console: its host 'simulated' is simulated: no real machine runs there.";

    @Test
    void aSimulatedVm_hasNoConsole_whichTheSdkAndTheCommandAreTold() {
        try (Ground one = Ground.on(SERVER, "console-one");
                Ground two = Ground.on(SERVER, "console-two")) {
            for (Ground ground : new Ground[] {one, two}) {
                ground.newSet("set", ground.newKey("k"));
                ground.newVm("shared-name", "set");
            }
            VirtualMachinesClient vms =
                    new Azure(SERVER.env()).compute().serviceClient().getVirtualMachines();
            ManagementException refused = Assertions.catchThrowableOfType(
                    ManagementException.class, () -> vms.retrieveBootDiagnosticsData(one.group(), "shared-name"));
            assertThat(refused.getResponse().getStatusCode()).isEqualTo(409);
            assertThat(refused.getValue().getMessage()).isEqualTo(NONE);

            String id = one.id(one.vmPath("shared-name"));
            assertThat(console(id)).isEqualTo("keyturn: OperationNotAllowed: " + NONE + "\n");
            assertThat(console("shared-name", "--resource-group", "console-two"))
                    .contains(NONE);
            assertThat(console("shared-name"))
                    .isEqualTo("keyturn: there are 2 VMs 'shared-name'; say which with --resource-group:"
                            + " console-one, console-two\n");
            assertThat(console("no-such-vm")).isEqualTo("keyturn: there is no VM 'no-such-vm' on this server\n");
            assertThat(console(one.id(one.setPath("set"))))
                    .contains("is neither a VM's name nor a VM's resource id")
                    .hasLineCount(1);
        }
    }

    /** What the command says on standard error; it always ends with 2 here, and prints nothing else. */
    private static String console(String vm, String... options) {
        String[] all = new String[options.length + 3];
        all[0] = vm;
        all[1] = "--data";
        all[2] = SERVER.data().toString();
        System.arraycopy(options, 0, all, 3, options.length);
        ServerProcess.Ended ended = ServerProcess.run("console", all);
        assertThat(ended.status()).as(ended.err()).isEqualTo(2);
        assertThat(ended.out()).isEmpty();
        return ended.err();
    }
}
