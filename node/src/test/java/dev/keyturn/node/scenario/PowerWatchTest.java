package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.power.PowerWatch;
import dev.keyturn.core.vital.VitalThreads;
import dev.keyturn.testing.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What guests do by themselves is recorded soon, without anybody asking. */
class PowerWatchTest extends Scenario {
    /** Well below the pause between the looks at a host that does not pass for a real one. */
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private static final ErrorInfo PANIC = ErrorInfo.of("GuestCrashed", "The guest's kernel panicked.");

    private Optional<PowerWatch> watch = Optional.empty();

    @AfterEach
    void close() {
        watch.ifPresent(PowerWatch::close);
    }

    private void watch() {
        PowerWatch made = new PowerWatch(List.of(world.talkative), world.reconciler(), world.clock);
        watch = Optional.of(made);
        made.start();
    }

    private UUID vmId(ArmId vm) {
        return world.vms.get(World.WHO, vm).vm().vmId();
    }

    private PowerState power(ArmId vm) {
        return world.vms.get(World.WHO, vm).vm().power();
    }

    private static void soon(Eventually.Condition condition) {
        Eventually.holds("not in time", LIMIT, condition);
    }

    @Test
    void guestThatCrashes_isSeenAtOnce_withItsReason() throws Exception {
        ArmId vm = world.vm("a", Optional.empty());
        watch();
        world.talkative.crashGuest(vmId(vm), PANIC);
        soon(() -> power(vm) == PowerState.STOPPED);
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).contains(PANIC);
    }

    @Test
    void changeBeforeTheFirstRun_isNotLost() throws Exception {
        ArmId vm = world.vm("a", Optional.empty());
        PowerWatch made = new PowerWatch(List.of(world.talkative), world.reconciler(), world.clock);
        watch = Optional.of(made);
        world.talkative.shutDownGuest(vmId(vm));
        made.start();
        soon(() -> power(vm) == PowerState.STOPPED);
    }

    @Test
    void changeDuringARun_isSeenByAnother() throws Exception {
        ArmId first = world.vm("a", Optional.empty());
        ArmId second = world.vm("b", Optional.empty());
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean once = new AtomicBoolean();
        world.talkative.afterLook = () -> {
            looking.countDown();
            if (once.compareAndSet(false, true)) {
                awaitUninterrupted(goOn);
            }
        };
        watch();
        world.talkative.shutDownGuest(vmId(first));
        assertThat(looking.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        world.talkative.shutDownGuest(vmId(second));
        goOn.countDown();
        soon(() -> power(first) == PowerState.STOPPED && power(second) == PowerState.STOPPED);
    }

    @Test
    void guestThatDiesWhileItsStartIsAtWork_isSeenStoppedAfterIt() throws Exception {
        ArmId vm = world.stoppedVm("a", Optional.empty());
        world.talkative.real = true;
        watch();
        world.talkative.afterStart = id -> world.talkative.crashGuest(id, PANIC);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).status())
                .isEqualTo(OperationStatus.SUCCEEDED);
        soon(() -> power(vm) == PowerState.STOPPED);
        assertThat(world.vms.get(World.WHO, vm).vm().fault()).contains(PANIC);
    }

    @Test
    void closed_doesNothingMore() {
        ArmId vm = world.vm("a", Optional.empty());
        watch();
        watch.orElseThrow().close();
        world.talkative.shutDownGuest(vmId(vm));
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void look_thatRunsOutOfMemory_isADeath_andOneThatFailsIsNot() throws Exception {
        LinkedBlockingQueue<String> deaths = new LinkedBlockingQueue<>();
        VitalThreads vital = new VitalThreads(
                (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));
        ArmId vm = world.vm("a", Optional.empty());
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch failed = new CountDownLatch(1);
        world.talkative.afterLook = () -> {
            if (looks.incrementAndGet() == 1) {
                failed.countDown();
                throw new StackOverflowError();
            }
            throw new OutOfMemoryError();
        };
        PowerWatch made = new PowerWatch(List.of(world.talkative), world.reconciler(), world.clock, vital);
        watch = Optional.of(made);
        made.start();
        world.talkative.shutDownGuest(vmId(vm));
        failed.await();
        assertThat(deaths).isEmpty();
        world.talkative.shutDownGuest(vmId(vm));
        assertThat(deaths.take()).startsWith("power of ").endsWith("OutOfMemoryError");
    }

    @Test
    void look_thatNeverReturns_isSeen() throws Exception {
        AtomicLong now = new AtomicLong();
        VitalThreads vital = new VitalThreads((_, _) -> {}, now::get);
        ArmId vm = world.vm("a", Optional.empty());
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.talkative.afterLook = () -> {
            looking.countDown();
            awaitUninterrupted(goOn);
        };
        PowerWatch made = new PowerWatch(List.of(world.talkative), world.reconciler(), world.clock, vital);
        watch = Optional.of(made);
        made.start();
        world.talkative.shutDownGuest(vmId(vm));
        looking.await();
        assertThat(vital.overdue(Duration.ofMinutes(10))).isEmpty();
        now.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(vital.overdue(Duration.ofMinutes(10)))
                .singleElement()
                .asString()
                .startsWith("power of ");
        goOn.countDown();
    }
}
