package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.power.KeyAccessMonitor;
import dev.keyturn.core.resource.Precondition;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kill switch: a key that is disabled, deleted or closed stops starts at once and running VMs after the grace. */
class KillSwitchTest extends Scenario {
    private static final Duration GRACE = Duration.ofHours(1);

    private KeyAccessMonitor monitor;
    private KeyId key;
    private ArmId set;
    private ArmId vm;

    @BeforeEach
    void open() {
        monitor = world.keyAccess(GRACE);
        key = world.vault.create(1);
        set = world.set("des", key);
        vm = world.vm("a", Optional.of(set));
    }

    private KeyAccessMonitor.Report look() {
        KeyAccessMonitor.Report report = monitor.runOnce(world.clock.instant());
        world.runAll();
        return report;
    }

    private PowerState power(ArmId id) {
        return world.vms.get(World.WHO, id).vm().power();
    }

    @Test
    void disabledKey_stopsRunningVmsAfterTheGrace_andSaysWhy() {
        ArmId alone = world.vm("alone", Optional.empty());
        world.vault.enable(key, false);
        assertThat(look()).isEqualTo(new KeyAccessMonitor.Report(1, 0));
        assertThat(world.sets.get(World.WHO, set).keyLostAt()).contains(world.clock.instant());
        world.pass(GRACE.minusSeconds(1));
        assertThat(look().shutDown()).isZero();
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
        world.pass(Duration.ofSeconds(1));
        assertThat(look().shutDown()).isEqualTo(1);
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
        assertThat(world.vms.get(World.WHO, vm).vm().fault().orElseThrow().message())
                .contains(key.url());
        assertThat(power(alone)).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void vmThatIsStoppedJustBeforeItsShutdown_isNotRecordedAsShutDown() {
        world.vault.enable(key, false);
        look();
        world.pass(GRACE);
        boolean meant = false;
        for (int n = 1; n < 100; n++) {
            int recorded = shutdowns();
            world.transactions.before(n, () -> {
                assertThat(world.power.powerOff(World.WHO, vm, true).operation().endedAt())
                        .isEmpty();
            });
            int stopped = monitor.runOnce(world.clock.instant()).shutDown();
            assertThat(shutdowns() - recorded).as("before transaction " + n).isEqualTo(stopped);
            if (stopped == 1) {
                meant = n > 2;
                break;
            }
            world.runAll();
            world.vault.enable(key, true);
            assertThat(world.finish(world.power.start(World.WHO, vm).operation())
                            .error())
                    .isEmpty();
            world.vault.enable(key, false);
            look();
            world.pass(GRACE);
        }
        assertThat(meant).isTrue();
    }

    /** Records of power-offs that the server began by itself. */
    private int shutdowns() {
        var audit = world.stores.audit();
        return database.transactions()
                .read(tx -> audit.nodes(tx).stream()
                        .flatMap(node -> audit.after(tx, node, 0, 10_000).stream())
                        .filter(r -> r.callerName().equals("key access monitor")
                                && r.action().equals(Action.VM_POWER_OFF.azure())
                                && r.outcome() == Outcome.ALLOWED)
                        .toList()
                        .size());
    }

    @Test
    void graceOfALostKey_isCountedByWhatPasses_notByAClockThatJumps() {
        world.vault.enable(key, false);
        assertThat(look().shutDown()).isZero();
        world.clock.advance(Duration.ofDays(100));
        assertThat(look().shutDown()).isZero();

        monitor = world.keyAccess(GRACE);
        world.clock.advance(Duration.ofDays(-200));
        world.elapsed.advance(GRACE.minusSeconds(1));
        assertThat(look().shutDown()).isZero();
        world.elapsed.advance(Duration.ofSeconds(1));
        assertThat(look().shutDown()).isEqualTo(1);
    }

    @Test
    void keyThatComesBackWithinTheGrace_stopsNothing_andTheNextLossHasAGraceOfItsOwn() {
        world.vault.enable(key, false);
        look();
        world.pass(GRACE.minusMinutes(1));
        world.vault.enable(key, true);
        look();
        assertThat(world.sets.get(World.WHO, set).keyLostAt()).isEmpty();
        world.vault.enable(key, false);
        world.pass(Duration.ofMinutes(5));
        assertThat(look()).isEqualTo(new KeyAccessMonitor.Report(1, 0));
    }

    @Test
    void keyThatCameBackWhileNothingRan_hasANewGraceAfterTheNextStart() {
        world.vault.enable(key, false);
        look();
        world.pass(GRACE);
        look();
        world.vault.enable(key, true);
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
        world.vault.enable(key, false);
        assertThat(look().shutDown()).isZero();
    }

    @Test
    void startOfAVmThatRuns_doesNotBeginTheGraceAnew() {
        world.vault.enable(key, false);
        look();
        world.pass(GRACE.minusMinutes(1));
        world.power.start(World.WHO, vm);
        look();
        world.pass(Duration.ofMinutes(1));
        assertThat(look().shutDown()).isEqualTo(1);
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
    }

    @Test
    void deletedKeyAndRemovedAccess_countAsLost() {
        ArmId other = world.set("des2", key);
        ArmId second = world.vm("b", Optional.of(other));
        world.vault.shutOut(world.sets.get(World.WHO, other).principal());
        look();
        world.pass(GRACE);
        assertThat(look().shutDown()).isEqualTo(1);
        assertThat(power(second)).isEqualTo(PowerState.STOPPED);
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
        world.vault.delete(key);
        look();
        world.pass(GRACE);
        look();
        assertThat(power(vm)).isEqualTo(PowerState.STOPPED);
    }

    @Test
    void expiredKey_stopsNothingAndStillStarts() {
        world.vault.expire(key, world.clock.instant());
        world.pass(GRACE.multipliedBy(3));
        assertThat(look()).isEqualTo(new KeyAccessMonitor.Report(0, 0));
        world.finish(world.power.deallocate(World.WHO, vm).operation());
        assertThat(world.finish(world.power.start(World.WHO, vm).operation()).error())
                .isEmpty();
    }

    @Test
    void silentVault_isNoLostKey() {
        world.vault.silent = true;
        look();
        world.pass(GRACE.multipliedBy(3));
        assertThat(look()).isEqualTo(new KeyAccessMonitor.Report(0, 0));
        assertThat(power(vm)).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void start_withALostKey_isRefusedAtOnceNamingItAndChangesNothing() {
        world.finish(world.power.deallocate(World.WHO, vm).operation());
        world.vault.enable(key, false);
        DomainError error = World.refused(() -> world.power.start(World.WHO, vm));
        assertThat(error).isInstanceOf(DomainError.Conflict.class);
        assertThat(error.info().code()).isEqualTo("KeyVaultKeyNotEnabled");
        assertThat(error.info().message()).contains(key.url());
        assertThat(power(vm)).isEqualTo(PowerState.DEALLOCATED);
    }

    @Test
    void graceOfZero_stopsAtOnce_ephemeralVmsToo() {
        Specs.Vm ephemeral = Specs.vm("e").ephemeral().under(Optional.of(set));
        world.finish(
                world.vms.save(World.WHO, ephemeral.build(), Precondition.NONE).operation());
        world.vault.enable(key, false);
        assertThat(world.keyAccess(Duration.ZERO).runOnce(world.clock.instant()).shutDown())
                .isEqualTo(2);
        world.runAll();
        assertThat(power(ephemeral.id())).isEqualTo(PowerState.STOPPED);
    }
}
