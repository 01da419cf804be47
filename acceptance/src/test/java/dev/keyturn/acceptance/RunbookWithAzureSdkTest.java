package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.management.exception.ManagementError;
import com.azure.core.management.exception.ManagementException;
import com.azure.core.util.BinaryData;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.DiskEncryptionSetsClient;
import com.azure.resourcemanager.compute.fluent.VirtualMachinesClient;
import com.azure.resourcemanager.compute.fluent.models.DiskEncryptionSetInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.models.DataDisk;
import com.azure.resourcemanager.compute.models.DiskCreateOptionTypes;
import com.azure.resourcemanager.compute.models.DiskEncryptionSetIdentityType;
import com.azure.resourcemanager.compute.models.DiskEncryptionSetParameters;
import com.azure.resourcemanager.compute.models.DiskEncryptionSetType;
import com.azure.resourcemanager.compute.models.DiskEncryptionSetUpdate;
import com.azure.resourcemanager.compute.models.EncryptionSetIdentity;
import com.azure.resourcemanager.compute.models.HardwareProfile;
import com.azure.resourcemanager.compute.models.ImageReference;
import com.azure.resourcemanager.compute.models.InstanceViewStatus;
import com.azure.resourcemanager.compute.models.KeyForDiskEncryptionSet;
import com.azure.resourcemanager.compute.models.ManagedDiskParameters;
import com.azure.resourcemanager.compute.models.OSDisk;
import com.azure.resourcemanager.compute.models.OSProfile;
import com.azure.resourcemanager.compute.models.SecurityEncryptionTypes;
import com.azure.resourcemanager.compute.models.SecurityProfile;
import com.azure.resourcemanager.compute.models.SecurityTypes;
import com.azure.resourcemanager.compute.models.SourceVault;
import com.azure.resourcemanager.compute.models.StorageProfile;
import com.azure.resourcemanager.compute.models.UefiSettings;
import com.azure.resourcemanager.compute.models.VMDiskSecurityProfile;
import com.azure.resourcemanager.compute.models.VirtualMachineSizeTypes;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.models.CreateRsaKeyOptions;
import com.azure.security.keyvault.keys.models.KeyOperation;
import com.azure.security.keyvault.keys.models.KeyReleasePolicy;
import com.azure.security.keyvault.keys.models.KeyVaultKey;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The whole runbook (R1 to R5, R8) with Azure's own SDK for Java: what works in Azure works here. */
class RunbookWithAzureSdkTest {
    private static final String SET = "sdk-set";
    private static final List<String> VMS = List.of("sdk-vm-1", "sdk-vm-2", "sdk-vm-3");

    private final ServerProcess server = ServerProcess.shared();
    private final Azure azure = new Azure(server.env());

    @Test
    void R8_theRunbook_worksWithAVault() {
        try (Ground ground = Ground.on(server, "sdkvault")) {
            runbook(
                    ground,
                    azure.keys(ground.vault()),
                    ground.id(ground.vaultPath()),
                    identity -> ground.grant(ground.vaultPath(), Ground.ENCRYPTION_USER, identity));
        }
    }

    @Test
    void R8_theRunbook_worksWithAManagedHsm() {
        try (Ground ground = Ground.on(server, "sdkhsm")) {
            Hsm hsm = Hsm.create(ground, "sdkhsm-hsm");
            runbook(ground, azure.hsmKeys("sdkhsm-hsm"), ground.id(hsm.path()), hsm::grantEncryptionUser);
        }
    }

    private interface Grant {
        void to(String principal);
    }

    private void runbook(Ground ground, KeyClient keys, String vaultId, Grant grant) {
        ComputeManagementClient compute = azure.compute().serviceClient();
        DiskEncryptionSetsClient sets = compute.getDiskEncryptionSets();
        VirtualMachinesClient vms = compute.getVirtualMachines();
        String group = ground.group();

        KeyVaultKey first = newVersion(keys);
        DiskEncryptionSetInner set = sets.createOrUpdate(
                group,
                SET,
                new DiskEncryptionSetInner()
                        .withLocation("westeurope")
                        .withIdentity(
                                new EncryptionSetIdentity().withType(DiskEncryptionSetIdentityType.SYSTEM_ASSIGNED))
                        .withEncryptionType(DiskEncryptionSetType.CONFIDENTIAL_VM_ENCRYPTED_WITH_CUSTOMER_KEY)
                        .withActiveKey(key(vaultId, first)));
        assertThat(set.provisioningState()).isEqualTo("Succeeded");
        grant.to(set.identity().principalId());
        VMS.forEach(vm -> vms.createOrUpdate(group, vm, vm(vm, set.id())));
        VMS.forEach(vm -> assertThat(power(vms, group, vm)).isEqualTo("PowerState/running"));
        assertThat(sets.listAssociatedResources(group, SET)).hasSize(6).allMatch(id -> id.contains("/disks/"));

        KeyVaultKey second = newVersion(keys);
        VMS.subList(0, 2).forEach(vm -> vms.deallocate(group, vm));
        ManagementException refused = refused(() -> sets.update(group, SET, to(vaultId, second)));
        assertThat(refused.getResponse().getStatusCode()).isEqualTo(409);
        assertThat(refused.getValue().getCode()).isEqualTo("OperationNotAllowed");
        assertThat(refused.getValue().getDetails())
                .extracting(ManagementError::getMessage)
                .singleElement()
                .asString()
                .contains("sdk-vm-3");
        assertThat(all(ground)).containsOnly(first.getId());

        vms.deallocate(group, "sdk-vm-3");
        ground.fault(
                group, "{\"kind\":\"updateRefused\",\"disk\":\"%s\"}".formatted(ground.id(disk(ground, "sdk-vm-2"))));
        ManagementException failed = refused(() -> sets.update(group, SET, to(vaultId, second)));
        assertThat(failed.getValue().getCode()).isEqualTo("KeyRotationIncomplete");
        DiskEncryptionSetInner split = sets.getByResourceGroup(group, SET);
        assertThat(split.activeKey().keyUrl()).isEqualTo(first.getId());
        assertThat(split.previousKeys())
                .extracting(KeyForDiskEncryptionSet::keyUrl)
                .contains(second.getId());
        assertThat(all(ground)).filteredOn(second.getId()::equals).hasSize(8);
        assertThat(ground.keysOf("sdk-vm-2")).containsOnlyOnce(first.getId());

        ground.mend(group);
        // As az does: GET, change, PUT the whole.
        DiskEncryptionSetInner whole = sets.getByResourceGroup(group, SET).withActiveKey(key(vaultId, second));
        DiskEncryptionSetInner rotated = sets.createOrUpdate(group, SET, whole);
        assertThat(rotated.activeKey().keyUrl()).isEqualTo(second.getId());
        assertThat(rotated.previousKeys()).isNullOrEmpty();
        assertThat(rotated.lastKeyRotationTimestamp()).isNotNull();
        assertThat(all(ground)).hasSize(9).containsOnly(second.getId());

        keys.updateKeyProperties(first.getProperties().setEnabled(false));
        VMS.forEach(vm -> vms.start(group, vm));
        VMS.forEach(vm -> assertThat(power(vms, group, vm)).isEqualTo("PowerState/running"));
        assertThat(ground.census(SET).text("underOtherKeys")).isEqualTo("0");

        VMS.forEach(vm -> vms.delete(group, vm));
        assertThat(vms.listByResourceGroup(group)).isEmpty();
    }

    private static KeyVaultKey newVersion(KeyClient keys) {
        return keys.createRsaKey(new CreateRsaKeyOptions("fleet")
                .setHardwareProtected(true)
                .setKeySize(3072)
                .setKeyOperations(KeyOperation.WRAP_KEY, KeyOperation.UNWRAP_KEY)
                .setExportable(true)
                .setReleasePolicy(new KeyReleasePolicy(BinaryData.fromString(Ground.POLICY))));
    }

    private static String disk(Ground ground, String vm) {
        return ground.groupPath() + "/providers/Microsoft.Compute/disks/" + vm + "-data";
    }

    private static List<String> all(Ground ground) {
        return VMS.stream().flatMap(vm -> ground.keysOf(vm).stream()).toList();
    }

    private static KeyForDiskEncryptionSet key(String vaultId, KeyVaultKey key) {
        return new KeyForDiskEncryptionSet()
                .withSourceVault(new SourceVault().withId(vaultId))
                .withKeyUrl(key.getId());
    }

    private static DiskEncryptionSetUpdate to(String vaultId, KeyVaultKey key) {
        return new DiskEncryptionSetUpdate().withActiveKey(key(vaultId, key));
    }

    private static ManagementException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        ManagementException e = catchThrowableOfType(ManagementException.class, call);
        assertThat(e).as("a refusal").isNotNull();
        return e;
    }

    private static String power(VirtualMachinesClient vms, String group, String vm) {
        return vms.instanceView(group, vm).statuses().stream()
                .map(InstanceViewStatus::code)
                .filter(c -> c.startsWith("PowerState/"))
                .findFirst()
                .orElse("");
    }

    private static VirtualMachineInner vm(String name, String setId) {
        DiskEncryptionSetParameters set = new DiskEncryptionSetParameters();
        set.withId(setId);
        return new VirtualMachineInner()
                .withLocation("westeurope")
                .withHardwareProfile(
                        new HardwareProfile().withVmSize(VirtualMachineSizeTypes.fromString("Standard_DC2as_v5")))
                .withSecurityProfile(new SecurityProfile()
                        .withSecurityType(SecurityTypes.CONFIDENTIAL_VM)
                        .withUefiSettings(
                                new UefiSettings().withSecureBootEnabled(true).withVTpmEnabled(true)))
                .withOsProfile(new OSProfile().withComputerName(name).withAdminUsername("keyturn"))
                .withStorageProfile(new StorageProfile()
                        .withImageReference(new ImageReference()
                                .withPublisher("Canonical")
                                .withOffer("0001-com-ubuntu-confidential-vm-jammy")
                                .withSku("22_04-lts-cvm")
                                .withVersion("latest"))
                        .withOsDisk(new OSDisk()
                                .withName(name + "-os")
                                .withCreateOption(DiskCreateOptionTypes.FROM_IMAGE)
                                .withManagedDisk(new ManagedDiskParameters()
                                        .withSecurityProfile(new VMDiskSecurityProfile()
                                                .withSecurityEncryptionType(
                                                        SecurityEncryptionTypes.DISK_WITH_VMGUEST_STATE)
                                                .withDiskEncryptionSet(set))))
                        .withDataDisks(Stream.of(new DataDisk()
                                        .withLun(0)
                                        .withName(name + "-data")
                                        .withCreateOption(DiskCreateOptionTypes.EMPTY)
                                        .withDiskSizeGB(8)
                                        .withManagedDisk(new ManagedDiskParameters().withDiskEncryptionSet(set)))
                                .toList()));
    }
}
