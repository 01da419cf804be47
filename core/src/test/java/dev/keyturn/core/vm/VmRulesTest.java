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
                List.of(data),
                List.of());
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
        DomainException refused =
                catchThrowableOfType(DomainException.class, () -> VmRules.check(spec, Optional.empty()));
        ErrorInfo info = refused.error().info();
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().map(ErrorInfo::message).toList();
    }

    @Test
    void sizeThatIsNotConfidential_isRefused_unlessTheVmHasItAlready() {
        VmSpec right = spec(
                "web",
                Optional.of("ConfidentialVM"),
                true,
                os(Optional.of("DiskWithVMGuestState"), Optional.of(SET), Optional.empty()));
        for (String size : List.of(
                "Standard_D2as_v5", "Standard_DC2s_v3", "Standard_DC4as_cc_v5", "Standard_B1s", "DC2as_v5", "")) {
            assertThat(problems(sized(right, size)))
                    .as(size)
                    .singleElement()
                    .asString()
                    .contains("vmSize", "DCasv5");
        }
        for (String size : List.of(
                "Standard_DC2as_v5",
                "standard_dc96ads_v6",
                "Standard_EC4as_v5",
                "Standard_EC96ias_v5",
                "Standard_DC2es_v6",
                "Standard_EC64eds_v5",
                "Standard_NCC40ads_H100_v5")) {
            assertThat(VmRules.check(sized(right, size), Optional.empty()))
                    .as(size)
                    .isNotNull();
        }
        assertThat(VmRules.check(sized(right, "Standard_D2as_v5"), Optional.of("Standard_D2as_v5")))
                .isNotNull();
    }

    private static VmSpec sized(VmSpec s, String size) {
        return new VmSpec(
                s.id(),
                s.location(),
                s.tags(),
                s.document(),
                Optional.of(size),
                s.securityType(),
                s.secureBoot(),
                s.vTpm(),
                s.image(),
                s.osDisk(),
                s.dataDisks(),
                s.interfaces());
    }

    @Test
    void rightSpec_saysItsEncryption() {
        VmSpec spec = spec(
                "web",
                Optional.of("confidentialvm"),
                true,
                os(Optional.of("diskwithvmgueststate"), Optional.of(SET), Optional.empty()));
        assertThat(VmRules.check(spec, Optional.empty())).isEqualTo(SecurityEncryption.DISK_WITH_VM_GUEST_STATE);
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
