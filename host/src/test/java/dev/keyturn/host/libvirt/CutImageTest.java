package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
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

/** Images whose LUKS header is whole, and what is behind it is not. */
class CutImageTest {
    private static final long GIB = 1L << 30;

    private Path directory;
    private Storage storage;
    private Proofs proofs;
    private final Fixture vm = filled(Fixture.vm1());

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/swtpm_setup")), "skipped: swtpm_setup is not installed");
        assumeTrue(Files.exists(TestGuest.TRUSTING_VARIABLES), "skipped: OVMF is not installed");
        directory = Files.createTempDirectory("keyturn-cut");
        Files.setPosixFilePermissions(directory, Storage.PASSABLE);
        storage = new Storage(directory.resolve("storage"), directory.resolve("swtpm"));
        storage.prepare();
        storage.define(vm.vm());
        Files.setPosixFilePermissions(Files.createDirectory(directory.resolve("scratch")), Storage.PASSABLE);
        boolean root = System.getProperty("user.name").equals("root");
        VtpmStates states = new VtpmStates(directory.resolve("scratch"), root ? Optional.of("tss") : Optional.empty());
        proofs = new Proofs(storage, states);
        Files.write(Files.createDirectory(directory.resolve("images")).resolve("os.raw"), new byte[1 << 20]);
        new Provisioning(LibvirtRig.settings(directory, vm.vm()), storage, states)
                .make(
                        List.of(
                                new NewImage(vm.guestState(), 0, Optional.empty()),
                                new NewImage(
                                        vm.osDisk(), 1, Optional.of(new ImageFile("os.raw", ImageFile.Format.RAW))),
                                new NewImage(vm.dataDisk(), 1, Optional.empty())),
                        Progress.UNHEARD);
    }

    @AfterEach
    void close() {
        if (directory != null) {
            Storage.deleteTree(directory);
        }
    }

    @Test
    void imagesThatAreWhole_areProven_alsoALongerDiskAndABlankOne() throws IOException {
        assertThat(proofs.closed(vm.all())).isEmpty();

        length(disk(vm.dataDisk()), LuksImages.HEADER + 2 * GIB);
        assertThat(proofs.closed(vm.all())).isEmpty();
        assertThat(proofs.missing(vm.images())).isEmpty();
    }

    @Test
    void diskThatIsCutBehindItsHeader_isNamed_withWhatIsMissing() throws IOException {
        for (long bytes : List.of(LuksImages.HEADER, LuksImages.HEADER + GIB - 512, LuksImages.HEADER + GIB - 1)) {
            length(disk(vm.dataDisk()), bytes);
            ErrorInfo why = only(vm.dataDisk());
            assertThat(why.code()).isEqualTo("ImageCut");
            assertThat(why.message())
                    .contains(disk(vm.dataDisk()) + " has " + bytes + " bytes, and " + (LuksImages.HEADER + GIB));
            assertThat(proofs.missing(vm.images()))
                    .extracting(ImageProblem::artifact)
                    .containsExactly(Fixture.id(vm.dataDisk()));
        }
    }

    @Test
    void uefiVariables_areAsLongAsTheyAre() throws IOException {
        Path variables = storage.variables(vm.vm());
        long right = Files.size(variables);
        length(variables, right - 1);
        assertThat(only(vm.guestState()).code()).isEqualTo("ImageCut");
        length(variables, right + 512);
        assertThat(only(vm.guestState()).code()).isEqualTo("ImageTooLong");
    }

    @Test
    void contentThatWasReplacedByZeros_isSeen_whereThereWasSome() throws IOException {
        zeros(disk(vm.osDisk()), GIB);
        assertThat(only(vm.osDisk()).code()).isEqualTo("ImageEmptied");
        assertThat(only(vm.osDisk()).message()).contains(disk(vm.osDisk()).toString(), "zeros");

        Files.delete(disk(vm.osDisk()));
        assertThat(only(vm.osDisk()).code()).isEqualTo("ImageMissing");
        zeros(storage.variables(vm.vm()), Firmware.VARIABLES_SIZE);
        assertThat(proofs.closed(vm.all()))
                .extracting(p -> p.reason().code())
                .containsExactly("ImageEmptied", "ImageMissing");
    }

    @Test
    void vtpmsState_thatIsCut_orEmpty_doesNotOpen() throws IOException {
        Path state = storage.tpm(vm.vm()).resolve(VtpmStates.FILE);
        for (long bytes : List.of(Files.size(state) - 16, 0L)) {
            length(state, bytes);
            assertThat(only(vm.guestState()).message())
                    .contains(
                            "Its vTPM state does not open", storage.tpm(vm.vm()).toString());
        }
    }

    @Test
    void vtpmsState_orUefiVariables_ofAnotherLength_keepAStartOut_withoutAKey() throws IOException {
        assertThat(proofs.missing(vm.images())).isEmpty();
        Path state = storage.tpm(vm.vm()).resolve(VtpmStates.FILE);
        Path variables = storage.variables(vm.vm());
        for (Path file : List.of(state, variables)) {
            byte[] whole = Files.readAllBytes(file);
            for (long bytes : List.of(0L, whole.length - 16L, whole.length + 1L)) {
                Files.write(file, whole);
                length(file, bytes);
                assertThat(proofs.missing(vm.images()))
                        .as("%s with %d bytes", file, bytes)
                        .singleElement()
                        .satisfies(p -> assertThat(p.artifact()).isEqualTo(Fixture.id(vm.guestState())))
                        .satisfies(p -> assertThat(p.reason().code())
                                .isEqualTo(bytes > whole.length ? "ImageTooLong" : "ImageCut"))
                        .satisfies(
                                p -> assertThat(p.reason().message()).contains(file.toString(), Long.toString(bytes)));
            }
            Files.write(file, whole);
        }
        assertThat(proofs.missing(vm.images())).isEmpty();
        assertThat(proofs.closed(vm.all())).isEmpty();

        long right = Files.size(state);
        length(state, 0);
        length(state, right);
        assertThat(proofs.missing(vm.images()))
                .singleElement()
                .satisfies(p -> assertThat(p.reason().code()).isEqualTo("ImageEmptied"));
    }

    private ErrorInfo only(HostArtifact artifact) {
        List<ImageProblem> problems = proofs.closed(vm.all());
        assertThat(problems).extracting(ImageProblem::artifact).containsExactly(Fixture.id(artifact));
        return problems.getFirst().reason();
    }

    private Path disk(HostArtifact artifact) {
        return storage.disk(artifact.image().diskId().orElseThrow());
    }

    private static void length(Path file, long bytes) throws IOException {
        try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
            image.setLength(bytes);
        }
    }

    /** Behind the header there is as much as before, and nothing in it. */
    private static void zeros(Path file, long payload) throws IOException {
        length(file, LuksImages.HEADER);
        length(file, LuksImages.HEADER + payload);
    }

    private static Fixture filled(Fixture vm) {
        ArtifactImage os = vm.osDisk().image();
        ArtifactImage made = new ArtifactImage(
                os.artifact(),
                os.kind(),
                os.vmId(),
                os.diskId(),
                os.lun(),
                Optional.of(new ArtifactImage.Made(1, true)));
        return new Fixture(
                vm.vm(), vm.guestState(), new HostArtifact(made, vm.osDisk().dataKey()), vm.dataDisk());
    }
}
