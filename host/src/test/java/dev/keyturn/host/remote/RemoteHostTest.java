package dev.keyturn.host.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.Progress;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.LeaseLostException;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.host.Fixture;
import dev.keyturn.testing.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class RemoteHostTest {
    private static final UUID VM = UUID.randomUUID();
    private static final Fence FENCE = new Fence(7);
    private static final Limits PATIENT = new Limits(Duration.ofSeconds(30), Duration.ofSeconds(30));

    private final ScriptedHost local = new ScriptedHost();
    private final MemoryWire wire = new MemoryWire().serving(local);
    private final VmHost remote = new RemoteHost(ScriptedHost.INFO, PATIENT, wire);

    @Test
    void orders_arriveAsTheyWereGiven() {
        Fixture vm = Fixture.vm1();
        NewImage os =
                new NewImage(vm.osDisk(), 30, Optional.of(new ImageFile("debian/13.qcow2", ImageFile.Format.QCOW2)));
        SecretBytes key = vm.osDisk().dataKey();
        Machine machine = new Machine(VM, "wéb1", new Hardware(Optional.of("Standard_DC2as_v5"), true));

        remote.provision(FENCE, Optional.of(VM), List.of(os), Progress.UNHEARD);
        remote.start(FENCE, machine, vm.all());
        remote.stop(FENCE, VM, Duration.ofMillis(1500));
        remote.attach(FENCE, vm.dataDisk().image(), Optional.empty());
        remote.delete(FENCE, vm.images());

        assertThat(local.asked)
                .contains(FENCE, Optional.of(VM), vm.osDisk().image(), 30, os.source())
                .contains(machine, 3, VM, Duration.ofMillis(1500))
                .contains(vm.dataDisk().image(), Optional.empty(), vm.images());
        assertThat(local.asked.stream().filter(SecretBytes.class::isInstance))
                .singleElement()
                .matches(arrived -> key.sameAs((SecretBytes) arrived));
    }

    @Test
    void answers_comeAsTheyWereGiven() {
        ErrorInfo why = ErrorInfo.at("7", "ImageInUse", "Its image is in use.")
                .with(List.of(ErrorInfo.of("Nested", "by another")));
        local.problems = List.of(new ImageProblem(Fixture.id(Fixture.vm1().osDisk()), why));
        local.files = List.of(new HostFile(
                "/vms/x.tmp", HostFile.Kind.UNFINISHED, Optional.of(VM), 1L << 40, Instant.ofEpochSecond(3, 4)));
        local.notes = Map.of("accelerator", "KVM", "console", "/dev/pts/3");
        local.active = Set.of(VM, UUID.randomUUID());
        local.power = Optional.of(PowerState.RUNNING);
        local.crash = Optional.of(why);
        local.newest = new Fence(99);
        local.console = Optional.of(new byte[] {1, 0, -1});

        assertThat(remote.refusals(Fixture.vm1().images())).isEqualTo(local.problems);
        assertThat(remote.prove(Fixture.vm1().all())).isEqualTo(local.problems);
        assertThat(remote.files()).isEqualTo(local.files);
        assertThat(remote.notes(VM)).isEqualTo(local.notes);
        assertThat(remote.active()).isEqualTo(local.active);
        assertThat(remote.power(VM)).isEqualTo(local.power);
        assertThat(remote.crash(VM)).isEqualTo(local.crash);
        assertThat(remote.newestFence()).isEqualTo(local.newest);
        assertThat(remote.console(VM, 3).orElseThrow()).containsExactly(1, 0, -1);
    }

    static Stream<DomainError> errors() {
        ErrorInfo info = ErrorInfo.at("os", "Code", "What was wrong.").with(List.of(ErrorInfo.of("A", "b")));
        return Stream.of(
                new DomainError.Invalid(info),
                new DomainError.Unauthenticated(info),
                new DomainError.Forbidden(info),
                new DomainError.NotFound(info),
                new DomainError.MethodNotAllowed(info),
                new DomainError.Conflict(info),
                new DomainError.Conflict(info, Optional.of(Duration.ofMillis(2500))),
                new DomainError.PreconditionFailed(info),
                new DomainError.TooSlow(info),
                new DomainError.TooLarge(info),
                new DomainError.Throttled(info, Duration.ofSeconds(3)),
                new DomainError.Unavailable(info));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void refusal_isTheSameAsAtTheOwner(DomainError error) {
        local.happens = _ -> {
            throw error.asException();
        };
        assertThat(refused(() -> remote.start(FENCE, Fixture.vm1().machine(), List.of())))
                .isEqualTo(error);
    }

    @Test
    void orderOfAnEarlierClaim_isThatHereToo() {
        local.happens = _ -> {
            throw LeaseLostException.fencedOff("VM x", FENCE);
        };
        assertThatThrownBy(() -> remote.stop(FENCE, VM, Duration.ZERO))
                .isInstanceOf(LeaseLostException.class)
                .hasMessage(LeaseLostException.fencedOff("VM x", FENCE).getMessage());
    }

    @Test
    void bugAtTheOwner_isNoRefusal_andItsWordsStayThere() {
        local.happens = _ -> {
            throw new IllegalStateException("with something that is nobody's business");
        };
        assertThatThrownBy(() -> remote.stop(FENCE, VM, Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'h1'")
                .hasMessageNotContaining("nobody's business");
    }

    @ParameterizedTest
    @EnumSource(MemoryWire.Cut.class)
    void lineThatIsCut_isUnavailable_andTheCallMayBeMadeAgain(MemoryWire.Cut where) {
        wire.cut(where);
        DomainError error = refused(() -> remote.stop(FENCE, VM, Duration.ZERO));
        assertThat(error).isInstanceOf(DomainError.Unavailable.class);
        assertThat(error.info().message()).contains("'h1'").contains("connection re");
        remote.stop(FENCE, VM, Duration.ZERO);
    }

    @Test
    void ownerThatIsSlow_isWaitedFor_andTellsHowFarItIs() {
        CountDownLatch heard = new CountDownLatch(1);
        local.happens = progress -> {
            progress.at(40);
            await(heard);
        };
        List<Integer> percents = new ArrayList<>();
        remote.provision(FENCE, Optional.of(VM), List.of(), percent -> {
            percents.add(percent);
            heard.countDown();
        });
        assertThat(percents).containsExactly(40);
    }

    @Test
    void ownerThatFallsSilent_isFoundOut() {
        CountDownLatch never = new CountDownLatch(1);
        HostWire silent = (_, _, _, frames) -> {
            frames.accept(new Frame.Busy().bytes());
            never.await();
        };
        VmHost host =
                new RemoteHost(ScriptedHost.INFO, new Limits(Duration.ofMillis(20), Duration.ofMillis(20)), silent);
        assertThat(refused(() -> host.stop(FENCE, VM, Duration.ZERO))).isInstanceOf(DomainError.Unavailable.class);
        assertThat(refused(host::active).info().message()).contains("nothing was heard of it for 20 ms");
    }

    /** A question is answered in time or not at all, whatever comes instead. */
    @Test
    void ownerThatOnlySaysThatItIsAtIt_doesNotAnswerAQuestion() {
        HostWire busy = (_, _, _, frames) -> {
            while (!Thread.currentThread().isInterrupted()) {
                frames.accept(new Frame.Busy().bytes());
                Thread.onSpinWait();
            }
        };
        VmHost host =
                new RemoteHost(ScriptedHost.INFO, new Limits(Duration.ofMillis(20), Duration.ofSeconds(30)), busy);
        assertThat(refused(host::active)).isInstanceOf(DomainError.Unavailable.class);
    }

    @Test
    void answerOfAnotherVersion_isUnavailable_andSaysSo() {
        HostWire other = (_, _, _, frames) -> frames.accept(new byte[] {2, 2, 0});
        VmHost host = new RemoteHost(ScriptedHost.INFO, PATIENT, other);
        assertThat(refused(host::active).info().message()).contains("version 2 is spoken there");
    }

    @Test
    void requestThatIsNone_isRefused_andTheHostNotAsked() throws Exception {
        HostEndpoint endpoint = new HostEndpoint(local, new VitalThreads((_, _) -> {}));
        for (byte[] wrong : List.of(
                new byte[0],
                new byte[] {9},
                new byte[] {1, 0, 0},
                new WireWriter().uuid(VM).octet(0).take())) {
            Frame answer = Frame.of(endpoint.begin(WireCall.POWER, wrong).next().orElseThrow());
            assertThat(answer).isInstanceOf(Frame.Refused.class);
        }
        assertThat(local.asked).isEmpty();
    }

    @Test
    void callAboutMoreThanGoesIntoOneRequest_isNotSent() {
        List<ArtifactImage> many =
                Collections.nCopies(20_000, Fixture.vm1().dataDisk().image());
        assertThatThrownBy(() -> remote.refusals(many)).hasMessageContaining("more than goes into one request");
        assertThat(local.asked).isEmpty();
    }

    @Test
    void dataKeys_areZeroedOnTheirWay() throws InterruptedException {
        List<byte[]> sent = new ArrayList<>();
        HostWire noting = (host, call, request, frames) -> {
            sent.add(request);
            wire.carry(host, call, request, frames);
        };
        VmHost keeping = new RemoteHost(ScriptedHost.INFO, PATIENT, noting);
        byte[] handed = new WireWriter()
                .each(List.of(Fixture.artifact(ArtifactKind.OS_DISK, Optional.of(VM))), HostRecords::artifact)
                .take();
        HostEndpoint endpoint = new HostEndpoint(local, new VitalThreads((_, _) -> {}));

        keeping.prove(Fixture.vm1().all());
        var _ = endpoint.begin(WireCall.PROVE, handed).next();

        assertThat(handed).containsOnly(0);
        // the carrier zeroes it behind its last frame
        Eventually.until(Duration.ofSeconds(30), sent::getFirst, RemoteHostTest::zero);
        assertThat(sent.getFirst()).containsOnly(0);
    }

    private static boolean zero(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static DomainError refused(Runnable call) {
        DomainException e = catchThrowableOfType(DomainException.class, call::run);
        assertThat(e).isNotNull();
        return e.error();
    }
}
