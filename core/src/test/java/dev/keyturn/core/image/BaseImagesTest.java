package dev.keyturn.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseImagesTest {
    private static final ArmId IMAGE = new ArmId("s", "g", Image.TYPE, "debian");
    private static final String AT = "properties.storageProfile.imageReference";

    private final ImagesInMemory there = new ImagesInMemory();
    private final BaseImages images = new BaseImages(there, there, there);

    private static Optional<ImageReference> reference(String... parts) {
        List<Optional<String>> p = Arrays.stream(parts)
                .map(t -> t.isEmpty() ? Optional.<String>empty() : Optional.of(t))
                .toList();
        return Optional.of(new ImageReference(Optional.empty(), p.get(0), p.get(1), p.get(2), p.get(3)));
    }

    private static Optional<ImageReference> reference(ArmId id) {
        return Optional.of(new ImageReference(
                Optional.of(id), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** What a VM says of its new OS disk. */
    private record Wish(
            Optional<ImageReference> image, String location, Optional<String> osType, Optional<Integer> sizeGb) {}

    private static Wish vm(Optional<ImageReference> image) {
        return vm(image, "West Europe", Optional.empty(), Optional.empty());
    }

    private static Wish vm(
            Optional<ImageReference> image, String location, Optional<String> osType, Optional<Integer> sizeGb) {
        return new Wish(image, location, osType, sizeGb);
    }

    private Optional<BaseImage> ofVm(Wish wish, boolean needed) {
        return images.ofVm(wish.image(), wish.location(), wish.osType(), wish.sizeGb(), needed);
    }

    private void managed(OsType os, int sizeGb) {
        Resource head =
                Resource.created(IMAGE, "westeurope", Map.of(), "{}", ProvisioningState.SUCCEEDED, Instant.EPOCH);
        ImageFile file = new ImageFile("debian/12.raw", ImageFile.Format.RAW);
        there.insert(there.read(tx -> tx), new Image(head, file, os, sizeGb)).require(file);
    }

    private Optional<String> found(String version) {
        return ofVm(vm(reference("p", "o", "s", version)), true)
                .map(i -> i.file().name());
    }

    private ErrorInfo refused(Wish spec, boolean needed) {
        return catchThrowableOfType(DomainException.class, () -> ofVm(spec, needed))
                .error()
                .info();
    }

    @Test
    void latest_isTheHighestVersion_byNumber() {
        there.files.addAll(List.of("p/o/s/9.9.qcow2", "p/o/s/9.10.raw", "p/o/s/9.2024.img", "p/o/s/9.3000.txt"));
        assertThat(found("latest")).contains("p/o/s/9.2024.img");
        assertThat(found("LATEST")).contains("p/o/s/9.2024.img");
        assertThat(found("9.10")).contains("p/o/s/9.10.raw");
    }

    @Test
    void realHost_needsAFile_andSaysWhichOneAndWhatThereIs() {
        there.files.addAll(List.of("p/o/s/1.0.qcow2", "p/o/s/1.1.qcow2"));
        assertThat(refused(vm(reference("p", "o", "s", "2.0")), true).message())
                .contains("p/o/s/2.0.qcow2", "images directory", "1.1, 1.0");
        assertThat(refused(vm(reference("p", "o", "x", "latest")), true).message())
                .contains("p/o/x/VERSION.qcow2");
        ErrorInfo none = refused(vm(Optional.empty()), true);
        assertThat(none.target()).contains(AT);
        assertThat(none.message()).contains("is required", "PUBLISHER/OFFER/SKU/VERSION.qcow2");
        assertThat(refused(vm(reference("p", "", "s", "latest")), true).target())
                .contains(AT + ".offer");
        assertThat(refused(vm(reference("p", "o", "s", " ")), true).target()).contains(AT + ".version");
    }

    @Test
    void simulatedHost_needsNone() {
        assertThat(ofVm(vm(Optional.empty()), false)).isEmpty();
        assertThat(ofVm(vm(reference("p", "", "", "")), false)).isEmpty();
        assertThat(ofVm(vm(reference("p", "o", "s", "latest")), false)).isEmpty();
        there.files.add("p/o/s/1.raw");
        assertThat(ofVm(vm(reference("p", "o", "s", "latest")), false)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void versionInTwoFormats_isAmbiguous(boolean needed) {
        there.files.addAll(List.of("p/o/s/1.raw", "p/o/s/1.qcow2"));
        assertThat(refused(vm(reference("p", "o", "s", "1")), needed).message()).contains("1.raw and 1.qcow2");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void managedImage_isItsFile_andMakesDisksOfItsSize(boolean needed) {
        there.files.add("debian/12.raw");
        managed(OsType.LINUX, 10);
        BaseImage found = ofVm(vm(reference(IMAGE)), needed).orElseThrow();
        assertThat(found.file().name()).isEqualTo("debian/12.raw");
        assertThat(found.sizeGb()).isEqualTo(10);
        assertThat(found.leastGb()).isEqualTo(2);
        Wish small = vm(reference(IMAGE), "westeurope", Optional.of("linux"), Optional.of(2));
        assertThat(ofVm(small, needed)).contains(found);
        Wish tiny = vm(reference(IMAGE), "westeurope", Optional.empty(), Optional.of(1));
        assertThat(refused(tiny, needed).message()).contains("is 1 GB", "2147483648 bytes", "needs 2 GB");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void managedImage_thatCannotBeUsed_isRefusedWithTheReason(boolean needed) {
        assertThat(refused(vm(reference(IMAGE)), needed).message()).contains("debian", "is not there");
        managed(OsType.WINDOWS, 10);
        Wish windows = vm(reference(IMAGE), "westeurope", Optional.of("Windows"), Optional.empty());
        ErrorInfo noFile = refused(windows, needed);
        assertThat(noFile.target()).contains(AT + ".id");
        assertThat(noFile.message()).isEqualTo("There is no file 'debian/12.raw'.");
        there.files.add("debian/12.raw");
        assertThat(ofVm(windows, needed)).isPresent();
        assertThat(refused(vm(reference(IMAGE)), needed).message()).contains("osType' must be Windows", "not Linux");
        Wish north = vm(reference(IMAGE), "northeurope", Optional.of("Windows"), Optional.empty());
        assertThat(refused(north, needed).message()).contains("same region", "northeurope");
        ArmId disk = new ArmId("s", "g", Disk.TYPE, "d");
        assertThat(refused(vm(reference(disk)), needed).message()).contains(Image.TYPE, Disk.TYPE);
        Optional<ImageReference> both = Optional.of(new ImageReference(
                Optional.of(IMAGE), Optional.of("p"), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(refused(vm(both), needed).message()).contains("has both");
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
        Collections.shuffle(shuffled, new Random(7));
        shuffled.sort(ImageVersions.ORDER);
        assertThat(shuffled).isEqualTo(inOrder);
    }
}
