package dev.keyturn.core.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VmRulesTest {
    private static final ArmId SET = new ArmId("s", "g", "Microsoft.Compute/diskEncryptionSets", "des");

    private static VmSpec spec(String name, Optional<String> type, boolean uefi, OsDiskSpec os, DataDiskSpec... data) {
        return new VmSpec(
                new ArmId("s", "g", ConfidentialVm.TYPE, name),
                "westeurope",
                Map.of(),
                "{}",
                Optional.empty(),
                type,
                Optional.of(uefi),
                Optional.of(uefi),
                Optional.empty(),
                os,
                List.of(data));
    }

    private static OsDiskSpec os(Optional<String> encryption, Optional<ArmId> set, Optional<ArmId> misplaced) {
        return new OsDiskSpec(
                Optional.empty(),
                Optional.of("FromImage"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                encryption,
                set,
                misplaced);
    }

    private static DataDiskSpec data(int lun, Optional<String> option, Optional<ArmId> disk, Optional<ArmId> set) {
        return new DataDiskSpec(lun, Optional.empty(), option, Optional.of(4), Optional.empty(), disk, set, false);
    }

    private static List<String> problems(VmSpec spec) {
        DomainException refused = catchThrowableOfType(DomainException.class, () -> VmRules.check(spec));
        ErrorInfo info = refused.error().info();
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().map(ErrorInfo::message).toList();
    }

    @Test
    void rightSpec_saysItsEncryption() {
        VmSpec spec = spec(
                "web",
                Optional.of("confidentialvm"),
                true,
                os(Optional.of("diskwithvmgueststate"), Optional.of(SET), Optional.empty()));
        assertThat(VmRules.check(spec)).isEqualTo(SecurityEncryption.DISK_WITH_VM_GUEST_STATE);
    }

    @Test
    void everyProblem_isNamedAtOnce() {
        VmSpec spec = spec(
                "-web-",
                Optional.empty(),
                false,
                os(Optional.of("NonPersistedTPM"), Optional.empty(), Optional.of(SET)),
                data(0, Optional.of("Attach"), Optional.empty(), Optional.empty()),
                data(0, Optional.of("Copy"), Optional.empty(), Optional.of(SET)));
        assertThat(problems(spec))
                .anySatisfy(p -> assertThat(p).contains("The name '-web-'"))
                .anySatisfy(p -> assertThat(p).contains("must be ConfidentialVM"))
                .anySatisfy(p -> assertThat(p).contains("NonPersistedTPM"))
                .anySatisfy(p -> assertThat(p).contains("belongs into"))
                .anySatisfy(p -> assertThat(p).contains("dataDisks[0].managedDisk.id"))
                .anySatisfy(p -> assertThat(p).contains("is used by another data disk"))
                .anySatisfy(p -> assertThat(p).contains("must be Empty or Attach, not 'Copy'"))
                .anySatisfy(p -> assertThat(p).contains("same disk encryption set as its OS disk"))
                .hasSize(8);
    }

    @Test
    void R1_guestStateOnly_takesNoSet() {
        VmSpec spec = spec(
                "web",
                Optional.of("ConfidentialVM"),
                true,
                os(Optional.of("VMGuestStateOnly"), Optional.of(SET), Optional.empty()));
        assertThat(problems(spec)).singleElement().asString().contains("takes no disk encryption set");
    }

    @Test
    void withoutVTpmOrSecureBoot_isRefused() {
        VmSpec spec = spec(
                "web",
                Optional.of("ConfidentialVM"),
                false,
                os(Optional.of("DiskWithVMGuestState"), Optional.empty(), Optional.empty()));
        assertThat(problems(spec))
                .hasSize(2)
                .anySatisfy(p -> assertThat(p).contains("vTpmEnabled"))
                .anySatisfy(p -> assertThat(p).contains("secureBootEnabled"));
    }
}
