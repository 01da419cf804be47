package dev.keyturn.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRulesTest {
    private static ImageSpec spec(
            String generation, String blobUri, String osType, String osState, Optional<Integer> gb, String... others) {
        return new ImageSpec(
                new ArmId("s", "g", Image.TYPE, "debian"),
                "westeurope",
                Map.of(),
                "{}",
                given(generation),
                given(blobUri),
                given(osType),
                given(osState),
                gb,
                List.of(others));
    }

    private static Optional<String> given(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static ImageSpec at(String blobUri) {
        return spec("V2", blobUri, "Linux", "Generalized", Optional.empty());
    }

    private static List<ErrorInfo> problems(ImageSpec spec) {
        ErrorInfo info = catchThrowableOfType(DomainException.class, () -> ImageRules.check(spec))
                .error()
                .info();
        return info.details().isEmpty() ? List.of(info) : info.details();
    }

    @ParameterizedTest
    @CsvSource({
        "file:///debian.qcow2, debian.qcow2",
        "FILE:///a/b/c.raw, a/b/c.raw",
        "file:///a%20b.img, a b.img",
        "file:///srv/images/x.raw, srv/images/x.raw"
    })
    void blobUri_isAPathBelowTheImagesDirectory(String uri, String name) {
        ImageRules.check(at(uri));
        assertThat(ImageRules.name(at(uri))).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "debian.qcow2",
                "/debian.qcow2",
                "file:",
                "file:///",
                "file:debian.qcow2",
                "file:/debian.qcow2",
                "file://host/debian.qcow2",
                "file:///../etc/passwd",
                "file:///a/../../b.raw",
                "file:///%2e%2e/b.raw",
                "file:///a%2f..%2f..%2fb.raw",
                "file:////etc/passwd",
                "file:///a%00.raw",
                "file:///a.raw?x",
                "file:///a.raw#x",
                "file:///a b.raw",
                "file:///%zz.raw",
                "https://account.blob.core.windows.net/vhds/a.vhd"
            })
    void blobUri_thatIsAnythingElse_isRefused(String uri) {
        List<ErrorInfo> problems = problems(at(uri));
        assertThat(problems).singleElement().satisfies(p -> {
            assertThat(p.target()).contains(ImageRules.BLOB_URI);
            assertThat(p.message()).contains("file:///PATH", "images directory", uri);
        });
    }

    @Test
    void everythingThatIsWrong_isSaidAtOnce() {
        ImageSpec spec = spec("V1", "", "BeOS", "", Optional.of(5000), "properties.storageProfile.osDisk.managedDisk");
        assertThat(problems(spec))
                .extracting(p -> p.target().orElse(""))
                .containsExactly(
                        "properties.hyperVGeneration",
                        "properties.storageProfile.osDisk.blobUri",
                        "properties.storageProfile.osDisk.osType",
                        "properties.storageProfile.osDisk.osState",
                        "properties.storageProfile.osDisk.diskSizeGB",
                        "properties.storageProfile.osDisk.managedDisk");
        assertThat(problems(spec).getFirst().message()).contains("boot by UEFI");
    }

    @Test
    void generation_mustBeGiven() {
        assertThat(problems(spec("", "file:///a.raw", "Linux", "Specialized", Optional.empty())))
                .singleElement()
                .satisfies(p -> assertThat(p.message()).contains("is required: V2"));
    }
}
