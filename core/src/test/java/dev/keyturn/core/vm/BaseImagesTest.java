package dev.keyturn.core.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.HostInfo.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaseImagesTest {
    private final List<String> files = new ArrayList<>();
    private final BaseImages images = new BaseImages(new ImageCatalog() {
        @Override
        public Finding find(String name) {
            return files.contains(name)
                    ? new Finding.Fit(new BaseImage(new ImageFile(name, ImageFile.Format.RAW), 1L << 30))
                    : new Finding.Missing("There is no file '" + name + "'.");
        }

        @Override
        public List<String> filesIn(String folder) {
            return files.stream()
                    .filter(f -> f.startsWith(folder + "/"))
                    .map(f -> f.substring(folder.length() + 1))
                    .toList();
        }
    });

    private static Optional<ImageReference> reference(String... parts) {
        List<Optional<String>> p = Arrays.stream(parts)
                .map(t -> t.isEmpty() ? Optional.<String>empty() : Optional.of(t))
                .toList();
        return Optional.of(new ImageReference(Optional.empty(), p.get(0), p.get(1), p.get(2), p.get(3)));
    }

    private Optional<String> found(String version) {
        return images.find(reference("p", "o", "s", version), Kind.LIBVIRT)
                .map(i -> i.file().name());
    }

    private ErrorInfo refused(Optional<ImageReference> reference, Kind kind) {
        return catchThrowableOfType(DomainException.class, () -> images.find(reference, kind))
                .error()
                .info();
    }

    @Test
    void latest_isTheHighestVersion_byNumber() {
        files.addAll(List.of("p/o/s/9.9.qcow2", "p/o/s/9.10.raw", "p/o/s/9.2024.img", "p/o/s/9.300.txt"));
        assertThat(found("latest")).contains("p/o/s/9.2024.img");
        assertThat(found("LATEST")).contains("p/o/s/9.2024.img");
        assertThat(found("9.10")).contains("p/o/s/9.10.raw");
    }

    @Test
    void realHost_needsAFile_andSaysWhichOneAndWhatThereIs() {
        files.addAll(List.of("p/o/s/1.0.qcow2", "p/o/s/1.1.qcow2"));
        assertThat(refused(reference("p", "o", "s", "2.0"), Kind.LIBVIRT).message())
                .contains("p/o/s/2.0.qcow2", "images directory", "1.1, 1.0");
        assertThat(refused(reference("p", "o", "x", "latest"), Kind.LIBVIRT).message())
                .contains("p/o/x/VERSION.qcow2");
        ErrorInfo none = refused(Optional.empty(), Kind.LIBVIRT);
        assertThat(none.target()).contains("properties.storageProfile.imageReference");
        assertThat(none.message()).contains("is required", "PUBLISHER/OFFER/SKU/VERSION.qcow2");
        assertThat(refused(reference("p", "", "s", "latest"), Kind.LIBVIRT).target())
                .contains("properties.storageProfile.imageReference.offer");
        assertThat(refused(reference("p", "o", "s", " "), Kind.LIBVIRT).target())
                .contains("properties.storageProfile.imageReference.version");
    }

    @Test
    void simulatedHost_needsNone() {
        assertThat(images.find(Optional.empty(), Kind.SIMULATED)).isEmpty();
        assertThat(images.find(reference("p", "", "", ""), Kind.SIMULATED)).isEmpty();
        assertThat(images.find(reference("p", "o", "s", "latest"), Kind.SIMULATED))
                .isEmpty();
        files.add("p/o/s/1.raw");
        assertThat(images.find(reference("p", "o", "s", "latest"), Kind.SIMULATED))
                .isPresent();
    }

    @Test
    void versionInTwoFormats_isAmbiguous_onEveryHost() {
        files.addAll(List.of("p/o/s/1.raw", "p/o/s/1.qcow2"));
        for (Kind kind : Kind.values()) {
            assertThat(refused(reference("p", "o", "s", "1"), kind).message()).contains("1.raw and 1.qcow2");
        }
    }

    @Test
    void versions_areOrderedByTheirNumbers() {
        List<String> inOrder = List.of(
                "1",
                "1.0",
                "1.00",
                "1.0.1",
                "1.9",
                "1.10",
                "2-beta",
                "2-rc",
                "2.0",
                "10",
                "20240101000000000000000",
                "a",
                "b2",
                "b10");
        List<String> shuffled = new ArrayList<>(inOrder);
        java.util.Collections.shuffle(shuffled, new java.util.Random(7));
        shuffled.sort(ImageVersions.ORDER);
        assertThat(shuffled).isEqualTo(inOrder);
    }
}
