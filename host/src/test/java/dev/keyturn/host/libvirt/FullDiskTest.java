package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.host.Fixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A file system that is full: the storage directory is one of a few mebibytes in memory. */
class FullDiskTest {
    private static final int SOURCE = 12 << 20;

    private LibvirtRig rig;
    private Fixture vm;

    @BeforeEach
    void open() {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount a file system");
        rig = new LibvirtRig(
                LibvirtRig.SYSTEM, storage -> mount("-t", "tmpfs", "-o", "size=8m,mode=711", "tmpfs", storage));
        vm = Fixture.vm1();
    }

    @AfterEach
    void close() {
        if (rig != null) {
            rig.host.delete(Fixture.fence(), vm.images());
            rig.host.close(); // which holds the lock on it
            run("umount", rig.settings.storage().toString());
            rig.close();
        }
    }

    @Test
    void diskThatFillsUpWhileAnImageIsMade_isNamed_andNothingHalfMadeIsLeft() throws IOException {
        byte[] noise = new byte[SOURCE];
        new Random(1).nextBytes(noise);
        Files.write(rig.images().resolve("os.raw"), noise);
        List<NewImage> images = List.of(
                new NewImage(vm.guestState(), 0, Optional.empty()),
                new NewImage(vm.osDisk(), 1, Optional.of(new ImageFile("os.raw", ImageFile.Format.RAW))),
                new NewImage(vm.dataDisk(), 1, Optional.empty()));

        assertThat(refusal(images))
                .contains("disk is full", rig.settings.storage().toString());
        assertThat(files()).noneMatch(f -> f.toString().endsWith(".part"));
        assertThat(rig.storage().disk(vm.osDisk().image().diskId().orElseThrow()))
                .doesNotExist();
        assertThat(rig.secrets()).isEmpty();

        resize("64m");
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), images, Progress.UNHEARD);
        assertThat(rig.host.prove(vm.all())).isEmpty();
    }

    @Test
    void diskThatIsFullAlready_isNamed() throws IOException {
        Path ballast = rig.settings.storage().resolve("ballast");
        try {
            Files.write(ballast, new byte[8 << 20]);
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("space");
        }

        assertThat(refusal(vm.fresh())).contains("disk is full");
        assertThat(files().map(p -> p.getFileName().toString()))
                .containsOnly("keyturn-owner", "keyturn-lock", "ballast");

        Files.delete(ballast);
        rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        assertThat(rig.host.prove(vm.all())).isEmpty();
    }

    private String refusal(List<NewImage> images) {
        DomainException refused = catchThrowableOfType(
                DomainException.class,
                () -> rig.host.provision(Fixture.fence(), Optional.of(vm.vm()), images, Progress.UNHEARD));
        assertThat(refused).isNotNull();
        assertThat(refused.error()).isInstanceOf(DomainError.Conflict.class);
        return refused.error().info().message();
    }

    private Stream<Path> files() {
        try (Stream<Path> all = Files.walk(rig.settings.storage())) {
            return all
                    .filter(Files::isRegularFile)
                    .filter(f -> !f.startsWith(rig.settings.storage().resolve("fences")))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void resize(String size) {
        mount("-o", "remount,size=" + size, rig.settings.storage());
    }

    private static void mount(Object... words) {
        run("mount", Stream.of(words).map(Object::toString).toArray(String[]::new));
    }

    private static void run(String program, String... words) {
        List<String> command =
                Stream.concat(Stream.of(program), Stream.of(words)).toList();
        Tool.Answer answer = Tool.run(Duration.ofSeconds(20), Optional.empty(), _ -> {}, command);
        assertThat(answer.well()).as(answer.said()).isTrue();
    }
}
