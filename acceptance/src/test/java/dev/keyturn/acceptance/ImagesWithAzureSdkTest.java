package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.core.management.exception.ManagementException;
import com.azure.resourcemanager.compute.fluent.ComputeManagementClient;
import com.azure.resourcemanager.compute.fluent.ImagesClient;
import com.azure.resourcemanager.compute.fluent.models.DiskInner;
import com.azure.resourcemanager.compute.fluent.models.ImageInner;
import com.azure.resourcemanager.compute.fluent.models.VirtualMachineInner;
import com.azure.resourcemanager.compute.models.CreationData;
import com.azure.resourcemanager.compute.models.DiskCreateOption;
import com.azure.resourcemanager.compute.models.DiskCreateOptionTypes;
import com.azure.resourcemanager.compute.models.HardwareProfile;
import com.azure.resourcemanager.compute.models.HyperVGenerationTypes;
import com.azure.resourcemanager.compute.models.ImageDiskReference;
import com.azure.resourcemanager.compute.models.ImageOSDisk;
import com.azure.resourcemanager.compute.models.ImageReference;
import com.azure.resourcemanager.compute.models.ImageStorageProfile;
import com.azure.resourcemanager.compute.models.ImageUpdate;
import com.azure.resourcemanager.compute.models.ManagedDiskParameters;
import com.azure.resourcemanager.compute.models.OSDisk;
import com.azure.resourcemanager.compute.models.OperatingSystemStateTypes;
import com.azure.resourcemanager.compute.models.OperatingSystemTypes;
import com.azure.resourcemanager.compute.models.SecurityEncryptionTypes;
import com.azure.resourcemanager.compute.models.SecurityProfile;
import com.azure.resourcemanager.compute.models.SecurityTypes;
import com.azure.resourcemanager.compute.models.StorageProfile;
import com.azure.resourcemanager.compute.models.UefiSettings;
import com.azure.resourcemanager.compute.models.VMDiskSecurityProfile;
import com.azure.resourcemanager.compute.models.VirtualMachineSizeTypes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Images, and what is made from them, with Azure's own SDK for Java. */
class ImagesWithAzureSdkTest {
    private static final String FILE = "sdk/debian-12.raw";

    private final ServerProcess server = ServerProcess.shared();
    private final ComputeManagementClient compute =
            new Azure(server.env()).compute().serviceClient();

    @Test
    void imageVmAndDisk_areMadeFromAFileOfTheImagesDirectory() throws IOException {
        put(FILE, 3L << 30);
        try (Ground ground = Ground.on(server, "sdkimages")) {
            String group = ground.group();
            ImagesClient images = compute.getImages();
            ImageInner made = images.createOrUpdate(group, "debian", image("file:///" + FILE));
            assertThat(made.provisioningState()).isEqualTo("Succeeded");
            assertThat(made.storageProfile().osDisk().diskSizeGB()).isEqualTo(3);
            assertThat(made.storageProfile().osDisk().blobUri()).isEqualTo("file:///" + FILE);

            VirtualMachineInner vm = compute.getVirtualMachines().createOrUpdate(group, "web", vm(made.id()));
            assertThat(vm.storageProfile().imageReference().id()).isEqualTo(made.id());
            assertThat(vm.storageProfile().osDisk().diskSizeGB()).isEqualTo(3);
            DiskInner disk = compute.getDisks()
                    .createOrUpdate(
                            group,
                            "spare",
                            new DiskInner()
                                    .withLocation("westeurope")
                                    .withCreationData(new CreationData()
                                            .withCreateOption(DiskCreateOption.FROM_IMAGE)
                                            .withImageReference(new ImageDiskReference().withId(made.id()))));
            assertThat(disk.diskSizeGB()).isEqualTo(3);

            images.update(group, "debian", new ImageUpdate().withTags(Map.of("state", "old")));
            assertThat(images.listByResourceGroup(group))
                    .singleElement()
                    .satisfies(i -> assertThat(i.tags()).containsEntry("state", "old"));
            images.delete(group, "debian");
            assertThat(images.listByResourceGroup(group)).isEmpty();
            assertThat(compute.getVirtualMachines()
                            .getByResourceGroup(group, "web")
                            .provisioningState())
                    .isEqualTo("Succeeded");
            compute.getVirtualMachines().delete(group, "web");
            compute.getDisks().delete(group, "spare");
        }
    }

    @Test
    void whatCannotBeUsed_isRefusedInPlainWords() throws IOException {
        put("sdk/no.qcow2", 512);
        try (Ground ground = Ground.on(server, "sdkbadimages")) {
            ManagementException refused = catchThrowableOfType(
                    ManagementException.class,
                    () -> compute.getImages().createOrUpdate(ground.group(), "no", image("file:///sdk/no.qcow2")));
            assertThat(refused.getResponse().getStatusCode()).isEqualTo(400);
            assertThat(refused.getValue().getMessage())
                    .contains("sdk/no.qcow2", "is not a qcow2 image")
                    .doesNotContain(server.data().toString());
            String id = ground.id(ground.groupPath() + "/providers/Microsoft.Compute/images/no");
            ManagementException missing = catchThrowableOfType(
                    ManagementException.class,
                    () -> compute.getVirtualMachines().createOrUpdate(ground.group(), "web", vm(id)));
            assertThat(missing.getResponse().getStatusCode()).isEqualTo(400);
            assertThat(missing.getValue().getMessage()).contains("imageReference.id", "is not there");
        }
    }

    private void put(String name, long bytes) throws IOException {
        Path file = server.data().resolve("images").resolve(name);
        Files.createDirectories(file.getParent());
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
    }

    private static ImageInner image(String blobUri) {
        return new ImageInner()
                .withLocation("westeurope")
                .withHyperVGeneration(HyperVGenerationTypes.V2)
                .withStorageProfile(new ImageStorageProfile()
                        .withOsDisk(new ImageOSDisk()
                                .withOsType(OperatingSystemTypes.LINUX)
                                .withOsState(OperatingSystemStateTypes.GENERALIZED)
                                .withBlobUri(blobUri)));
    }

    private static VirtualMachineInner vm(String image) {
        ImageReference reference = new ImageReference();
        reference.withId(image);
        return new VirtualMachineInner()
                .withLocation("westeurope")
                .withHardwareProfile(
                        new HardwareProfile().withVmSize(VirtualMachineSizeTypes.fromString("Standard_DC2as_v5")))
                .withSecurityProfile(new SecurityProfile()
                        .withSecurityType(SecurityTypes.CONFIDENTIAL_VM)
                        .withUefiSettings(
                                new UefiSettings().withSecureBootEnabled(true).withVTpmEnabled(true)))
                .withStorageProfile(new StorageProfile()
                        .withImageReference(reference)
                        .withOsDisk(new OSDisk()
                                .withCreateOption(DiskCreateOptionTypes.FROM_IMAGE)
                                .withManagedDisk(new ManagedDiskParameters()
                                        .withSecurityProfile(new VMDiskSecurityProfile()
                                                .withSecurityEncryptionType(
                                                        SecurityEncryptionTypes.VMGUEST_STATE_ONLY)))));
    }
}
