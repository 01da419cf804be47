package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.Precondition;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the image that a request names to what the OS disk is filled from. */
class BaseImageTest extends Scenario {
    private static final long GIB = 1L << 30;

    @BeforeEach
    void open() {
        world.set("des", world.vault.create(1));
    }

    private static Specs.Vm debian(String version) {
        return Specs.vm("web").fromImage("debian", "12", "cvm", version);
    }

    private Disk create(Specs.Vm spec) {
        assertThat(world.finish(world.vms
                                .save(World.WHO, spec.build(), Precondition.NONE)
                                .operation())
                        .error())
                .isEmpty();
        return world.vms.get(World.WHO, spec.id()).disks().getFirst();
    }

    private DomainError refused(Specs.Vm spec) {
        return World.refused(() -> world.vms.save(World.WHO, spec.build(), Precondition.NONE));
    }

    @Test
    void image_isWhatTheOsDiskIsFilledFrom_andSaysHowLargeItIs() {
        world.images.add("debian/12/cvm/1.9.qcow2", 2 * GIB);
        world.images.add("debian/12/cvm/1.10.qcow2", 5 * GIB / 2);
        Disk os = create(debian("latest").osSizeGb(Optional.empty()));
        assertThat(os.source()).contains(new ImageFile("debian/12/cvm/1.10.qcow2", ImageFile.Format.QCOW2));
        assertThat(os.sizeGb()).isEqualTo(3);
    }

    @Test
    void largerDisk_isAsLargeAsAskedFor() {
        world.images.add("debian/12/cvm/1.0.qcow2", 3 * GIB);
        assertThat(create(debian("1.0").osSizeGb(Optional.of(64))).sizeGb()).isEqualTo(64);
    }

    @Test
    void smallerDisk_isRefused_namingBothSizes() {
        world.images.add("debian/12/cvm/1.0.qcow2", 3 * GIB + 512);
        DomainError error = refused(debian("1.0").osSizeGb(Optional.of(3)));
        assertThat(error).isInstanceOf(DomainError.Invalid.class);
        assertThat(error.info().target()).contains("properties.storageProfile.osDisk.diskSizeGB");
        assertThat(error.info().message()).contains("is 3 GB", "3221225984 bytes", "needs 4 GB");
        assertThat(World.refused(() -> world.vms.get(World.WHO, debian("1.0").id())))
                .isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void imageWithoutAFile_isBlankOnTheSimulatedHost() {
        Disk os = create(debian("latest").osSizeGb(Optional.empty()));
        assertThat(os.source()).isEmpty();
        assertThat(os.sizeGb()).isEqualTo(30);
    }

    @Test
    void imageThatIsNotFit_isRefused_alsoOnTheSimulatedHost() {
        world.images.addUnfit("debian/12/cvm/1.0.qcow2", "The image file 'x' has a backing file.");
        assertThat(refused(debian("1.0")).info().message()).contains("has a backing file");
    }

    @Test
    void creationThatWasKilled_goesOnFromTheSameFile() {
        world.images.add("debian/12/cvm/1.0.qcow2", GIB);
        world.vms.save(World.WHO, debian("latest").build(), Precondition.NONE);
        World next = world.restarted();
        next.images.add("debian/12/cvm/2.0.qcow2", GIB);
        assertThat(next.vms
                        .get(World.WHO, debian("latest").id())
                        .disks()
                        .getFirst()
                        .source())
                .contains(new ImageFile("debian/12/cvm/1.0.qcow2", ImageFile.Format.QCOW2));
    }

    @Test
    void attachedDisk_takesNoImage() {
        Disk os = create(debian("latest"));
        assertThat(world.finish(world.vms
                                .delete(World.WHO, debian("latest").id(), Precondition.NONE)
                                .orElseThrow()
                                .operation())
                        .error())
                .isEmpty();
        Specs.Vm again =
                Specs.vm("again").fromImage("debian", "12", "cvm", "latest").fromDisk(os.id());
        assertThat(refused(again).info().target()).contains("properties.storageProfile.imageReference");
    }
}
