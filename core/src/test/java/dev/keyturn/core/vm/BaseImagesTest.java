package dev.keyturn.core.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.vm.HostInfo.Kind;
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
import org.junit.jupiter.params.provider.EnumSource;

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

    private static VmSpec vm(Optional<ImageReference> image) {
        return vm(image, "FromImage", "West Europe", Optional.empty(), Optional.empty());
    }

    private static VmSpec vm(
            Optional<ImageReference> image,
            String createOption,
            String location,
            Optional<String> osType,
            Optional<Integer> sizeGb) {
        return new VmSpec(
                new ArmId("s", "g", ConfidentialVm.TYPE, "web"),
                location,
                Map.of(),
                "{}",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                image,
                new OsDiskSpec(
                        Optional.empty(),
                        Optional.of(createOption),
                        sizeGb,
                        Optional.empty(),
                        osType,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                List.of());
    }

    private void managed(OsType os, int sizeGb) {
        Resource head =
                Resource.created(IMAGE, "westeurope", Map.of(), "{}", ProvisioningState.SUCCEEDED, Instant.EPOCH);
        ImageFile file = new ImageFile("debian/12.raw", ImageFile.Format.RAW);
        assertThat(there.insert(there.read(tx -> tx), new Image(head, file, os, sizeGb)))
                .isTrue();
    }

    private Optional<String> found(String version) {
        return images.ofVm(vm(reference("p", "o", "s", version)), Kind.LIBVIRT)
                .map(i -> i.file().name());
    }

    private ErrorInfo refused(VmSpec spec, Kind kind) {
        return catchThrowableOfType(DomainException.class, () -> images.ofVm(spec, kind))
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
        assertThat(refused(vm(reference("p", "o", "s", "2.0")), Kind.LIBVIRT).message())
                .contains("p/o/s/2.0.qcow2", "images directory", "1.1, 1.0");
        assertThat(refused(vm(reference("p", "o", "x", "latest")), Kind.LIBVIRT).message())
                .contains("p/o/x/VERSION.qcow2");
        ErrorInfo none = refused(vm(Optional.empty()), Kind.LIBVIRT);
        assertThat(none.target()).contains(AT);
        assertThat(none.message()).contains("is required", "PUBLISHER/OFFER/SKU/VERSION.qcow2");
        assertThat(refused(vm(reference("p", "", "s", "latest")), Kind.LIBVIRT).target())
                .contains(AT + ".offer");
        assertThat(refused(vm(reference("p", "o", "s", " ")), Kind.LIBVIRT).target())
                .contains(AT + ".version");
    }

    @Test
    void simulatedHost_needsNone() {
        assertThat(images.ofVm(vm(Optional.empty()), Kind.SIMULATED)).isEmpty();
        assertThat(images.ofVm(vm(reference("p", "", "", "")), Kind.SIMULATED)).isEmpty();
        assertThat(images.ofVm(vm(reference("p", "o", "s", "latest")), Kind.SIMULATED))
                .isEmpty();
        there.files.add("p/o/s/1.raw");
        assertThat(images.ofVm(vm(reference("p", "o", "s", "latest")), Kind.SIMULATED))
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void attachedDisk_isFilledAlready(Kind kind) {
        VmSpec attach = vm(Optional.empty(), "attach", "westeurope", Optional.empty(), Optional.empty());
        assertThat(images.ofVm(attach, kind)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void versionInTwoFormats_isAmbiguous(Kind kind) {
        there.files.addAll(List.of("p/o/s/1.raw", "p/o/s/1.qcow2"));
        assertThat(refused(vm(reference("p", "o", "s", "1")), kind).message()).contains("1.raw and 1.qcow2");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void managedImage_isItsFile_andMakesDisksOfItsSize(Kind kind) {
        there.files.add("debian/12.raw");
        managed(OsType.LINUX, 10);
        BaseImage found = images.ofVm(vm(reference(IMAGE)), kind).orElseThrow();
        assertThat(found.file().name()).isEqualTo("debian/12.raw");
        assertThat(found.sizeGb()).isEqualTo(10);
        assertThat(found.leastGb()).isEqualTo(2);
        VmSpec small = vm(reference(IMAGE), "FromImage", "westeurope", Optional.of("linux"), Optional.of(2));
        assertThat(images.ofVm(small, kind)).contains(found);
        VmSpec tiny = vm(reference(IMAGE), "FromImage", "westeurope", Optional.empty(), Optional.of(1));
        assertThat(refused(tiny, kind).message()).contains("is 1 GB", "2147483648 bytes", "needs 2 GB");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void managedImage_thatCannotBeUsed_isRefusedWithTheReason(Kind kind) {
        assertThat(refused(vm(reference(IMAGE)), kind).message()).contains("debian", "is not there");
        managed(OsType.WINDOWS, 10);
        VmSpec windows = vm(reference(IMAGE), "FromImage", "westeurope", Optional.of("Windows"), Optional.empty());
        ErrorInfo noFile = refused(windows, kind);
        assertThat(noFile.target()).contains(AT + ".id");
        assertThat(noFile.message()).isEqualTo("There is no file 'debian/12.raw'.");
        there.files.add("debian/12.raw");
        assertThat(images.ofVm(windows, kind)).isPresent();
        assertThat(refused(vm(reference(IMAGE)), kind).message()).contains("osType' must be Windows", "not Linux");
        VmSpec north = vm(reference(IMAGE), "FromImage", "northeurope", Optional.of("Windows"), Optional.empty());
        assertThat(refused(north, kind).message()).contains("same region", "northeurope");
        ArmId disk = new ArmId("s", "g", Disk.TYPE, "d");
        assertThat(refused(vm(reference(disk)), kind).message()).contains(Image.TYPE, Disk.TYPE);
        Optional<ImageReference> both = Optional.of(new ImageReference(
                Optional.of(IMAGE), Optional.of("p"), Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(refused(vm(both), kind).message()).contains("has both");
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
