package dev.keyturn.node.scenario;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskSpec;
import dev.keyturn.core.diskset.DiskSetSpec;
import dev.keyturn.core.diskset.IdentitySpec;
import dev.keyturn.core.image.ImageReference;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.DataDiskSpec;
import dev.keyturn.core.vm.OsDiskSpec;
import dev.keyturn.core.vm.VmSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests as a client makes them, right but for what a test changes. */
final class Specs {
    private Specs() {}

    static DiskSetSpec set(ArmId id, KeyId key) {
        return new DiskSetSpec(
                id,
                TestVault.REGION,
                Map.of(),
                "{}",
                Optional.of(IdentitySpec.SYSTEM_ASSIGNED),
                Optional.of("ConfidentialVmEncryptedWithCustomerKey"),
                Optional.of(key.url()),
                Optional.empty(),
                false,
                false);
    }

    static DiskSpec disk(String name, Optional<ArmId> set) {
        return new DiskSpec(
                World.id(Disk.TYPE, name),
                TestVault.REGION,
                Map.of(),
                "{}",
                Optional.of("Empty"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(4),
                Optional.empty(),
                set,
                Optional.empty());
    }

    static DataDiskSpec newDisk(int lun, String name) {
        return new DataDiskSpec(
                lun,
                Optional.of(name),
                Optional.of("Empty"),
                Optional.of(4),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    static DataDiskSpec attached(int lun, ArmId disk) {
        return new DataDiskSpec(
                lun,
                Optional.empty(),
                Optional.of("Attach"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(disk),
                Optional.empty(),
                false);
    }

    static Vm vm(String name) {
        return new Vm(name);
    }

    static final class Vm {
        private final String name;
        private Optional<String> securityType = Optional.of("ConfidentialVM");
        private String encryption = "DiskWithVMGuestState";
        private Optional<ArmId> set = Optional.empty();
        private Optional<ArmId> misplaced = Optional.empty();
        private Optional<String> diffDisk = Optional.empty();
        private Optional<String> deleteOption = Optional.empty();
        private Optional<ArmId> source = Optional.empty();
        private Optional<ImageReference> image = Optional.empty();
        private Optional<Integer> osSizeGb = Optional.of(30);
        private final List<DataDiskSpec> dataDisks = new ArrayList<>();

        private Vm(String name) {
            this.name = name;
        }

        ArmId id() {
            return World.id(ConfidentialVm.TYPE, name);
        }

        ArmId osDisk() {
            return World.id(Disk.TYPE, name + "_os");
        }

        Vm under(Optional<ArmId> id) {
            set = id;
            return this;
        }

        Vm misplaced(ArmId id) {
            misplaced = Optional.of(id);
            return this;
        }

        Vm ephemeral() {
            diffDisk = Optional.of("Local");
            return this;
        }

        Vm fromDisk(ArmId disk) {
            source = Optional.of(disk);
            return this;
        }

        Vm fromImage(String publisher, String offer, String sku, String version) {
            image = Optional.of(new ImageReference(
                    Optional.empty(),
                    Optional.of(publisher),
                    Optional.of(offer),
                    Optional.of(sku),
                    Optional.of(version)));
            return this;
        }

        Vm osSizeGb(Optional<Integer> gb) {
            osSizeGb = gb;
            return this;
        }

        Vm deletedWithVm() {
            deleteOption = Optional.of("Delete");
            return this;
        }

        Vm securityType(Optional<String> type) {
            securityType = type;
            return this;
        }

        Vm encryption(String type) {
            encryption = type;
            return this;
        }

        Vm with(DataDiskSpec... disks) {
            dataDisks.addAll(List.of(disks));
            return this;
        }

        VmSpec build() {
            return new VmSpec(
                    id(),
                    TestVault.REGION,
                    Map.of(),
                    "{}",
                    Optional.of("Standard_DC2as_v5"),
                    securityType,
                    Optional.of(true),
                    Optional.of(true),
                    image,
                    new OsDiskSpec(
                            Optional.of(name + "_os"),
                            Optional.of(source.isPresent() ? "Attach" : "FromImage"),
                            osSizeGb,
                            deleteOption,
                            Optional.empty(),
                            diffDisk,
                            source,
                            Optional.of(encryption),
                            set,
                            misplaced),
                    dataDisks,
                    List.of());
        }
    }
}
