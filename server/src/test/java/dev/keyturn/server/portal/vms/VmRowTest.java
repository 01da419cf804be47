package dev.keyturn.server.portal.vms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.SecurityEncryption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VmRowTest {
    private static final ConfidentialVm VM = new ConfidentialVm(
            Resource.created(
                    new ArmId("sub", "rg", ConfidentialVm.TYPE, "web1"),
                    "westeurope",
                    Map.of(),
                    "{}",
                    ProvisioningState.SUCCEEDED,
                    Instant.EPOCH),
            new UUID(0, 1),
            Hardware.PLAIN,
            SecurityEncryption.DISK_WITH_VM_GUEST_STATE,
            Optional.empty(),
            "h2",
            false,
            PowerState.DEALLOCATED,
            Instant.EPOCH,
            Optional.empty());

    @Test
    void vmOnAHostThatDoesNotAnswer_isNotToldAsStopped() {
        assertThat(VmRow.of(VM, Optional.empty()).state().word()).isEqualTo("Deallocated");
        VmRow away = VmRow.of(VM, Optional.of(ErrorInfo.of("HostNotReachable", "It is away.")));
        assertThat(away.state()).isEqualTo(new VmLook("warning", "Unknown, last known deallocated"));
        assertThat(away.fault()).contains("It is away.");
    }
}
