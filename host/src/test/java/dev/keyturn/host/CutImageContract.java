package dev.keyturn.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.DomainException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An image of which the end is gone, on every host: its key opens what is left, and it is not open. */
public abstract class CutImageContract {
    protected abstract VmHost host();

    /** Takes the last bytes of the disk's image away. */
    protected abstract void cut(HostArtifact disk);

    @Test
    void aCutImage_isNotOpen_andNeitherStartsNorRotates() {
        Fixture vm = Fixture.vm1();
        host().provision(Fixture.fence(), Optional.of(vm.vm()), vm.fresh(), Progress.UNHEARD);
        assertThat(host().prove(vm.all())).isEmpty();
        assertThat(host().refusals(vm.images())).isEmpty();

        cut(vm.dataDisk());

        for (List<ImageProblem> found : List.of(host().prove(vm.all()), host().refusals(vm.images()))) {
            assertThat(found).singleElement().satisfies(p -> {
                assertThat(p.artifact()).isEqualTo(Fixture.id(vm.dataDisk()));
                assertThat(p.reason().code()).isEqualTo("ImageCut");
                assertThat(p.reason().message()).contains("is cut off", "bytes", "are needed");
            });
        }
        DomainException refused = catchThrowableOfType(
                DomainException.class, () -> host().start(Fixture.fence(), vm.machine(), vm.all()));
        assertThat(refused).isNotNull();
        assertThat(refused.error().info().details())
                .extracting(d -> d.target().orElse(""))
                .containsExactly(Fixture.id(vm.dataDisk()).toString());
        assertThat(host().active()).doesNotContain(vm.vm());
    }
}
