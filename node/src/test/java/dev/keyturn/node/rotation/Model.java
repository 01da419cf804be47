package dev.keyturn.node.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The small model of one set, beside the real engine: applies each step to both and compares. */
final class Model implements AutoCloseable {
    private final TestDatabase database;
    private final FakeVault vault = new FakeVault();
    private final FakeHost host = new FakeHost();
    private Engine engine;
    private final ArmId set;
    private final List<KeyId> keys = new ArrayList<>();

    private KeyId active;
    private final List<ArmId> vms = new ArrayList<>();
    private final Set<ArmId> running = new HashSet<>();
    private final Map<ArtifactId, KeyId> under = new TreeMap<>();
    private final Set<KeyId> disabled = new HashSet<>();
    private ProvisioningState state = ProvisioningState.SUCCEEDED;

    Model(Path directory) {
        database = TestDatabase.in(directory, SimulatedTables.MIGRATIONS);
        engine = new Engine(database, vault, host, Clock.systemUTC());
        for (int i = 0; i < Step.KEYS; i++) {
            keys.add(vault.create(i));
        }
        active = keys.getFirst();
        set = engine.createSet("des", active);
    }

    void apply(Step step) {
        switch (step) {
            case Step.AddVm() -> addVm();
            case Step.Start(int vm) -> start(vm);
            case Step.Stop(int vm) -> stop(vm);
            case Step.StopAll() -> List.copyOf(running).forEach(this::stop);
            case Step.Stick(int artifact) -> stick(artifact);
            case Step.HealAll() -> host.refused.clear();
            case Step.Disable(int key) -> disable(keys.get(key));
            case Step.EnableAll() -> enableAll();
            case Step.Silence(boolean silent) -> host.silent = silent;
            case Step.Rotate(int key) -> rotate(keys.get(key), 0, false);
            case Step.RotateKilled(int key, int write, boolean after) -> rotate(keys.get(key), write, after);
        }
        compare(step);
    }

    private void addVm() {
        if (vms.size() < 5 && !disabled.contains(active)) {
            vms.add(new Fleet(engine).add(set, "vm" + vms.size(), false));
            engine.keys(set).forEach((artifact, key) -> under.computeIfAbsent(artifact, a -> active));
        }
    }

    private void start(int number) {
        if (!vms.isEmpty() && running.add(vms.get(number % vms.size()))) {
            assertThat(new Fleet(engine).start(vms.get(number % vms.size())))
                    .as("no rotation is running, so a start is allowed")
                    .isTrue();
        }
    }

    private void stop(int number) {
        if (!vms.isEmpty()) {
            stop(vms.get(number % vms.size()));
        }
    }

    private void stop(ArmId vm) {
        if (running.remove(vm)) {
            new Fleet(engine).stop(vm);
        }
    }

    private void stick(int number) {
        List<ArtifactId> all = List.copyOf(under.keySet());
        if (!all.isEmpty()) {
            host.refused.add(all.get(number % all.size()));
        }
    }

    private void disable(KeyId key) {
        disabled.add(key);
        vault.enable(key, false);
    }

    private void enableAll() {
        disabled.forEach(k -> vault.enable(k, true));
        disabled.clear();
    }

    private boolean mayBegin(KeyId to) {
        boolean sourcesOpen = under.values().stream().noneMatch(k -> !k.equals(to) && disabled.contains(k));
        boolean hostAnswers = under.isEmpty() || !host.silent;
        return running.isEmpty() && hostAnswers && !disabled.contains(to) && sourcesOpen;
    }

    private void rotate(KeyId to, int killAtWrite, boolean afterCommit) {
        int before = engine.rotations.history(Engine.WHO, set, 1_000).size();
        if (killAtWrite > 0) {
            engine.transactions.killAtWrite(killAtWrite, afterCommit);
        }
        boolean refused = false;
        boolean killed = false;
        try {
            var ended = engine.rotate(set, to);
            assertThat(ended.status())
                    .isEqualTo(stuckOutside(to).isEmpty() ? OperationStatus.SUCCEEDED : OperationStatus.FAILED);
        } catch (DomainException e) {
            refused = true;
        } catch (KillableTransactions.Killed e) {
            killed = true; // perhaps while the record of a refusal was made
            engine = new Engine(database, vault, host, Clock.systemUTC());
            engine.resume();
        }
        engine.transactions.spare();
        boolean began = engine.rotations.history(Engine.WHO, set, 1_000).size() > before;
        if (killed) {
            assertThat(began && !mayBegin(to))
                    .as("began where a blocker stands")
                    .isFalse();
        } else {
            assertThat(refused).as("refused exactly where a blocker stands").isEqualTo(!mayBegin(to));
        }
        if (began) {
            ended(to);
        }
    }

    private Set<ArtifactId> stuckOutside(KeyId to) {
        Set<ArtifactId> stuck = new HashSet<>(host.refused);
        stuck.removeIf(a -> to.equals(under.get(a)));
        return stuck;
    }

    private void ended(KeyId to) {
        Set<ArtifactId> stuck = stuckOutside(to);
        under.replaceAll((artifact, key) -> stuck.contains(artifact) ? key : to);
        if (stuck.isEmpty()) {
            active = to;
            state = ProvisioningState.SUCCEEDED;
        } else {
            state = ProvisioningState.FAILED;
        }
    }

    private void compare(Step step) {
        var now = engine.set(set);
        assertThat(engine.keys(set)).as("keys after %s", step).isEqualTo(under);
        assertThat(now.activeKey()).as("active key after %s", step).isEqualTo(active);
        assertThat(now.head().state()).as("state after %s", step).isEqualTo(state);
        assertThat(now.rotation()).as("rotation after %s", step).isEmpty();
        Set<KeyId> others = new HashSet<>(under.values());
        others.remove(active);
        assertThat(engine.previousKeys(now.id()))
                .as("previous keys after %s", step)
                .containsExactlyInAnyOrderElementsOf(others);
        disabled.forEach(k -> vault.enable(k, true));
        assertThat(engine.unopenable(set))
                .as("artifacts that do not open after %s", step)
                .isEmpty();
        disabled.forEach(k -> vault.enable(k, false));
    }

    @Override
    public void close() {
        database.close();
    }
}
