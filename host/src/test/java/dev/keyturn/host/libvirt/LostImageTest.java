package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Image files that are gone or spoiled: nothing is made anew in their place, and the others go on. */
class LostImageTest {
    private LibvirtRig rig;
    private Fixture vm;

    @BeforeEach
    void open() {
        rig = new LibvirtRig();
        vm = Fixture.vm1();
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void start_withoutTheUefiVariables_namesTheFile_andMakesNone() throws IOException {
        startIsRefusedWithout(rig.storage().variables(vm.vm()), vm.guestState());
    }

    @Test
    void start_withoutTheVtpmsState_namesTheFile_andMakesNone() throws IOException {
        startIsRefusedWithout(rig.storage().tpm(vm.vm()).resolve(VtpmStates.FILE), vm.guestState());
    }

    @Test
    void start_withoutADisk_namesTheFile_andMakesNone() throws IOException {
        startIsRefusedWithout(rig.storage().disk(vm.dataDisk().image().diskId().orElseThrow()), vm.dataDisk());
    }

    /** QEMU starts with such a disk and shows the guest a smaller one. */
    @Test
    void start_withADiskThatIsCut_isRefused_andNamesIt() throws IOException {
        Path disk = rig.storage().disk(vm.dataDisk().image().diskId().orElseThrow());
        long whole = Files.size(disk);
        try (RandomAccessFile image = new RandomAccessFile(disk.toFile(), "rw")) {
            image.setLength(whole - 4096);
        }

        ErrorInfo refusal = startRefused();
        assertThat(refusal.code()).isEqualTo("ImageCut");
        assertThat(refusal.message()).contains(disk.toString(), "is cut off");
        assertThat(rig.host.active()).isEmpty();
        assertThat(rig.host.refusals(vm.images()))
                .extracting(ImageProblem::artifact)
                .containsExactly(Fixture.id(vm.dataDisk()));
    }

    private void startIsRefusedWithout(Path file, HostArtifact artifact) throws IOException {
        Path aside = rig.directory.resolve("aside");
        Files.move(file, aside);

        ErrorInfo refusal = startRefused();
        assertThat(refusal.details())
                .extracting(d -> d.target().orElse(""))
                .containsExactly(Fixture.id(artifact).toString());
        assertThat(refusal.message())
                .contains(file + " is not there", artifact.image().kind().wire());
        assertThat(file).doesNotExist();
        assertThat(rig.host.active()).isEmpty();
        assertThat(rig.host.refusals(vm.images()))
                .extracting(ImageProblem::artifact)
                .containsExactly(Fixture.id(artifact));

        Files.move(aside, file);
        rig.host.start(Fixture.fence(), vm.machine(), vm.all());
        assertThat(rig.host.active()).containsExactly(vm.vm());
    }

    @Test
    void spoiledHeadersAndStates_areFoundOneByOne_andTheOthersOpen() throws IOException {
        spoil(rig.storage().disk(vm.osDisk().image().diskId().orElseThrow()), 0);
        assertThat(closed()).containsExactly(vm.osDisk());

        spoil(rig.storage().tpm(vm.vm()).resolve(VtpmStates.FILE), 200);
        assertThat(closed()).containsExactly(vm.guestState(), vm.osDisk());

        ErrorInfo refusal = startRefused();
        assertThat(refusal.details())
                .extracting(d -> d.target().orElse(""))
                .containsExactlyInAnyOrder(
                        Fixture.id(vm.guestState()).toString(),
                        Fixture.id(vm.osDisk()).toString());
        assertThat(rig.secrets()).isEmpty();
        assertThat(rig.host.active()).isEmpty();
    }

    private List<HostArtifact> closed() {
        List<ImageProblem> problems = rig.host.prove(vm.all());
        return vm.all().stream()
                .filter(a -> problems.stream().anyMatch(p -> p.artifact().equals(Fixture.id(a))))
                .toList();
    }

    private ErrorInfo startRefused() {
        DomainException refused = catchThrowableOfType(
                DomainException.class, () -> rig.host.start(Fixture.fence(), vm.machine(), vm.all()));
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isInstanceOf(DomainError.Conflict.class);
        return refused.error().info();
    }

    /** Writes zeros over a sector. */
    private static void spoil(Path file, long from) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.seek(from);
            image.write(new byte[512]);
        }
    }
}
