package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DomainXmlTest {
    private static final UUID VM = UUID.fromString("6f0f7d0c-7b1e-4b0e-9d5f-0d6f0c5f8a11");
    private static final Path HERE = Path.of("/srv/a & b");

    private final LibvirtSettings settings = LibvirtRig.settings(HERE, UUID.randomUUID());
    private final Storage storage = new Storage(settings.storage(), Path.of("/tpm"));

    private static ArtifactImage disk(ArtifactKind kind, Optional<Integer> lun) {
        return new ArtifactImage(new ArtifactId(1), kind, Optional.of(VM), Optional.of(UUID.randomUUID()), lun);
    }

    private String xml(Machine machine, Platform platform, Map<ArtifactImage, UUID> disks) {
        return new DomainXml(settings, storage, platform)
                .of(machine, new DomainXml.Keys(disks, UUID.randomUUID(), UUID.randomUUID()));
    }

    private String xml(Hardware hardware, Optional<Platform.MemoryProtection> memory) {
        return xml(
                new Machine(VM, "web1", hardware),
                new Platform(memory.isPresent(), "", memory),
                Map.of(disk(ArtifactKind.OS_DISK, Optional.empty()), UUID.randomUUID()));
    }

    @Test
    void disks_areOpenedEachWithItsSecret_atTheirLuns() {
        Map<ArtifactImage, UUID> disks = new LinkedHashMap<>();
        disks.put(disk(ArtifactKind.OS_DISK, Optional.empty()), UUID.randomUUID());
        disks.put(disk(ArtifactKind.DATA_DISK, Optional.of(0)), UUID.randomUUID());
        disks.put(disk(ArtifactKind.DATA_DISK, Optional.of(63)), UUID.randomUUID());
        String xml = xml(new Machine(VM, "web1", Hardware.PLAIN), new Platform(false, "", Optional.empty()), disks);
        assertThat(XmlDocument.texts(xml, "//disk/source/encryption/secret/@uuid"))
                .containsExactlyElementsOf(
                        disks.values().stream().map(UUID::toString).toList());
        assertThat(XmlDocument.texts(xml, "//disk/address/@unit")).containsExactly("0", "63");
        assertThat(XmlDocument.texts(xml, "//disk/target/@dev")).containsExactly("vda", "sda", "sdbl");
        assertThat(XmlDocument.texts(xml, "//disk/source/@file")).allMatch(f -> f.startsWith("/srv/a & b/storage/"));
        assertThat(XmlDocument.text(xml, "/domain/@type")).isEqualTo("qemu");
        assertThat(XmlDocument.texts(xml, "//launchSecurity")).isEmpty();
    }

    @Test
    void secureBoot_isTheFirmwareThatEnforcesIt() {
        String secure = xml(new Hardware(Optional.empty(), true), Optional.empty());
        assertThat(XmlDocument.text(secure, "//loader/@secure")).isEqualTo("yes");
        assertThat(XmlDocument.text(secure, "//smm/@state")).isEqualTo("on");
        assertThat(XmlDocument.text(xml(Hardware.PLAIN, Optional.empty()), "//loader/@secure"))
                .isEqualTo("no");
    }

    @Test
    void confidentialHardware_isAskedForWhereItIsOffered() {
        String xml = xml(Hardware.PLAIN, Optional.of(Platform.MemoryProtection.SEV_SNP));
        assertThat(XmlDocument.text(xml, "/domain/@type")).isEqualTo("kvm");
        assertThat(XmlDocument.text(xml, "/domain/launchSecurity/@type")).isEqualTo("sev-snp");
        assertThat(XmlDocument.text(xml, "/domain/launchSecurity/policy")).isEqualTo("0x00030000");
    }

    @Test
    void offered_isWhatTheCapabilitiesSay() {
        assertThat(PlatformProbe.offered(capabilities("yes", "sev", "tdx"))).contains(Platform.MemoryProtection.TDX);
        assertThat(PlatformProbe.offered(capabilities("yes", "sev", "sev-snp", "tdx")))
                .contains(Platform.MemoryProtection.SEV_SNP);
        assertThat(PlatformProbe.offered(capabilities("yes", "sev"))).isEmpty();
        assertThat(PlatformProbe.offered(capabilities("no", "sev-snp"))).isEmpty();
        assertThat(PlatformProbe.offered(
                        "<domainCapabilities><features><sev supported='yes'/></features>" + "</domainCapabilities>"))
                .isEmpty();
        assertThat(PlatformProbe.offered("error: no such thing")).isEmpty();
    }

    private static String capabilities(String supported, String... types) {
        StringBuilder all = new StringBuilder();
        for (String type : types) {
            all.append("<value>").append(type).append("</value>");
        }
        return "<domainCapabilities><features><launchSecurity supported='" + supported + "'><enum name='sectype'>" + all
                + "</enum></launchSecurity></features></domainCapabilities>";
    }

    @Test
    void size_isWhatAzuresNamesSay_unlessTheHostSaysOtherwise() {
        LibvirtSettings free = new LibvirtSettings(
                "h",
                settings.uri(),
                HERE,
                settings.images(),
                settings.installation(),
                settings.accelerator(),
                settings.memoryEncryption(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Firmware.MICROSOFT_KEYS,
                settings.patience());
        assertThat(MachineSize.of(new Hardware(Optional.of("Standard_DC4as_v5"), true), free))
                .isEqualTo(new MachineSize(4, 16_384));
        assertThat(MachineSize.of(new Hardware(Optional.of("standard_ec8ads_v5"), true), free))
                .isEqualTo(new MachineSize(8, 65_536));
        assertThat(MachineSize.of(new Hardware(Optional.of("Standard_B1s"), true), free))
                .isEqualTo(new MachineSize(2, 2_048));
        assertThat(MachineSize.of(new Hardware(Optional.of("Standard_DC4as_v5"), true), settings))
                .isEqualTo(new MachineSize(1, 512));
    }
}
