package dev.keyturn.server.arm.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.InstanceView;
import dev.keyturn.core.vm.SecurityEncryption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VmViewsTest {
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

    private static String instance(Optional<ErrorInfo> unknown) {
        return VmViews.instance(new InstanceView(VM, List.of(), "label", Map.of(), unknown, List.of()))
                .path("statuses")
                .toString();
    }

    @Test
    void vmOnAHostThatDoesNotAnswer_isNotToldAsStopped() {
        assertThat(instance(Optional.empty())).contains("PowerState/deallocated");
        assertThat(instance(Optional.of(ErrorInfo.of("HostNotReachable", "It is away."))))
                .contains("PowerState/unknown", "Last known: deallocated. It is away.")
                .doesNotContain("PowerState/deallocated");
    }
}
