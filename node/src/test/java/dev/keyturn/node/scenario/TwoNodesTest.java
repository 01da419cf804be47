package dev.keyturn.node.scenario;

import static dev.keyturn.node.scenario.World.WHO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.artifact.UnclaimedFiles;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.verification.DeepVerification;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.core.vm.InstanceView;
import dev.keyturn.node.Node;
import dev.keyturn.node.TalkativeHost;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one store: each runs operations, and a host's machines are its own node's. */
final class TwoNodesTest extends Scenario {
    private NodesInMemory nodes;
    private TalkativeHost h1;
    private TalkativeHost h2;
    private Node a;
    private Node b;
    private KeyId old;
    private ArmId set;
    private final List<String> ofB = new CopyOnWriteArrayList<>();

    @BeforeEach
    void startBoth() {
        nodes = new NodesInMemory(world);
        h1 = nodes.host("h1");
        h2 = nodes.host("h2");
        h2.around = (call, work) -> {
            ofB.add(call);
            work.run();
        };
        a = nodes.start("n1", h1);
        b = nodes.start("n2", h2);
        old = world.vault.create(1);
        set = world.set("des", old);
    }

    private void finish(Operation operation) {
        Operation ended = done(operation);
        assertThat(ended.error()).isEmpty();
    }

    private Operation done(Operation operation) {
        try {
            int ran = a.runner().runDue();
            assertThat(ran).isPositive();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return a.services().operations().find(operation.id()).orElseThrow();
    }

    /** Asked of the first node, which alone runs operations. */
    private ConfidentialVm vm(String name) {
        Specs.Vm spec = Specs.vm(name).under(Optional.of(set));
        finish(a.services().vms().save(WHO, spec.build(), Precondition.NONE).operation());
        return read(spec.id());
    }

    private ConfidentialVm read(ArmId id) {
        return a.services().vms().get(WHO, id).vm();
    }

    private void deallocate(ConfidentialVm vm) {
        finish(a.services().power().deallocate(WHO, vm.id()).operation());
    }

    private DomainError rotationRefused(KeyId to) {
        return World.refused(() -> a.services().rotations().begin(WHO, KeyChange.Request.of(set, to)));
    }

    @Test
    void operationAtOneNode_startsAVmOnTheHostOfTheOther() {
        ConfidentialVm first = vm("web1");
        ConfidentialVm second = vm("web2");

        assertThat(first.host()).isEqualTo("h1");
        assertThat(second.host()).isEqualTo("h2");
        assertThat(second.power()).isEqualTo(PowerState.RUNNING);
        assertThat(ofB).contains("provision", "start");
        assertThat(h2.power(second.vmId())).contains(PowerState.RUNNING);
        assertThat(a.services().vms().instanceView(WHO, second.id()).notes()).containsEntry("host", "h2");
    }

    @Test
    void nodeThatStopped_leavesItsVmsUnknown_blocksTheRotationByName_andGoesOnWhenItIsBack() {
        ConfidentialVm here = vm("web1");
        ConfidentialVm there = vm("web2");
        deallocate(here);
        deallocate(there);
        KeyId next = world.vault.create(1);

        nodes.stop(b);

        ErrorInfo why = rotationRefused(next).info();
        assertThat(why.details())
                .singleElement()
                .satisfies(d -> assertThat(d.message())
                        .contains("Host 'h2' has VM 'web2' of the set")
                        .contains("is served by node 'n2', which is not running since 2026-01-01T00:00:0"));
        InstanceView view = a.services().vms().instanceView(WHO, there.id());
        assertThat(view.unknown().orElseThrow().message()).contains("node 'n2'");
        assertThat(a.services().hosts().away("h2")).isEqualTo(view.unknown());
        assertThat(a.services().hosts().away("h1")).isEmpty();
        assertThat(a.services().vms().instanceView(WHO, here.id()).unknown()).isEmpty();
        assertThat(read(there.id()).power()).as("what is recorded").isEqualTo(PowerState.DEALLOCATED);

        b = nodes.start("n2", h2);
        assertThat(a.services().hosts().away("h2")).isEmpty();
        finish(a.services().rotations().begin(WHO, KeyChange.Request.of(set, next)));
        assertThat(a.services().verification().verify(set).allOpen()).isTrue();
        assertThat(a.services().vms().instanceView(WHO, there.id()).unknown()).isEmpty();
    }

    @Test
    void nodeThatWasKilled_isMissedAfterAWhile_andItsHostSaysSoAtOnceUntilThen() {
        vm("web1");
        ConfidentialVm there = vm("web2");
        nodes.kill(b);

        assertThat(a.services()
                        .vms()
                        .instanceView(WHO, there.id())
                        .unknown()
                        .orElseThrow()
                        .message())
                .contains("connection refused");
        nodes.pass(Duration.ofSeconds(16));
        assertThat(a.services()
                        .vms()
                        .instanceView(WHO, there.id())
                        .unknown()
                        .orElseThrow()
                        .message())
                .contains("not running since");
    }

    @Test
    void newVms_areOnHostsOfNodesThatRun() {
        vm("web1");
        nodes.stop(b);
        assertThat(vm("web2").host()).isEqualTo("h1");
        assertThat(vm("web3").host()).isEqualTo("h1");
        b = nodes.start("n2", h2);
        assertThat(vm("web4").host()).isEqualTo("h2");
    }

    @Test
    void machinesOfTheOtherNode_areLookedAfterThere() {
        vm("web1");
        ConfidentialVm there = vm("web2");
        h2.shutDownGuest(there.vmId());
        assertThat(a.services().reconciler().runOnce(world.clock.instant()).foundStopped())
                .isZero();
        assertThat(b.services().reconciler().runOnce(world.clock.instant()).foundStopped())
                .isEqualTo(1);
    }

    @Test
    void secondNodeWithAHostOfANodeThatRuns_doesNotStart() {
        DomainError refused = World.refused(() -> nodes.start("n3", nodes.host("h2")));
        assertThat(refused.info().message()).contains("host 'h2' by node 'n2', which runs (until 2026-01-01T00:00:15Z");
        nodes.kill(b);
        nodes.pass(Duration.ofSeconds(16));
        nodes.start("n3", nodes.host("h2"));
        assertThat(nodes.died).isEmpty();

        b.nodeHosts().beat();
        assertThat(nodes.died).singleElement().asString().contains("another node serves [h2]");
    }

    @Test
    void laterStartOfTheSameNode_takesItsHostAtOnce() {
        nodes.kill(b);
        nodes.start("n2", nodes.host("h2"));
        b.nodeHosts().beat();
        assertThat(nodes.died).hasSize(1);
    }

    @Test
    void artifactsOnAHostThatDoesNotAnswer_areNotLookedAt_andNotLost() {
        vm("web1");
        vm("web2");
        nodes.stop(b);

        DeepVerification.Report report = a.services().verification().verify(set);
        assertThat(report.failed()).isZero();
        assertThat(report.verified()).isEqualTo(2);
        assertThat(report.unseen().count()).isEqualTo(2);
        assertThat(report.unseen().hosts()).containsOnlyKeys("h2");
        assertThat(report.allOpen()).isFalse();

        ErrorInfo told = done(a.services().verification().begin(WHO, set).operation())
                .error()
                .orElseThrow();
        assertThat(told.code()).isEqualTo("ArtifactsNotLookedAt");
        assertThat(told.message()).startsWith("2 of 4 artifacts").contains("'des'");
        assertThat(told.details())
                .singleElement()
                .satisfies(d -> assertThat(d.message()).contains("'h2'", "node 'n2'"));
        assertThat(a.services()
                        .verification()
                        .last(WHO, set)
                        .proof()
                        .orElseThrow()
                        .answer()
                        .unseen())
                .isEqualTo(report.unseen());
    }

    @Test
    void hostThatWasNotAsked_isNamedWithTheUnclaimedFiles() {
        nodes.stop(b);
        assertThat(a.services().unclaimed().look().silent())
                .extracting(UnclaimedFiles.Silent::host)
                .containsExactly("h2");
    }
}
