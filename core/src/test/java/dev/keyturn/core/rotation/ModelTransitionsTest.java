package dev.keyturn.core.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.envelope.SetKeyStore;
import dev.keyturn.core.host.PowerState;
import dev.keyturn.core.host.VmHost;
import dev.keyturn.core.operation.Fence;
import dev.keyturn.core.operation.OperationKind;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.core.operation.OperationStore;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.vm.PowerEvent;
import dev.keyturn.core.vm.PowerTable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the model of the rotation, its page of transitions and the code's tables against each other. */
class ModelTransitionsTest {
    private static final String CORE = "dev.keyturn.core.";
    private static final String MISSING = "missing ";

    private final ModelTransitions model;

    ModelTransitionsTest() throws IOException {
        this.model = ModelTransitions.read();
    }

    @Test
    void everyTransition_hasItsRow_andEveryRowItsTransition() {
        Set<String> rows = model.rows().keySet();
        Set<String> transitions = model.transitions().keySet();
        assertThat(less(transitions, rows)).as("transitions without a row").isEmpty();
        assertThat(less(rows, transitions)).as("rows without a transition").isEmpty();
        assertThat(transitions).hasSizeGreaterThan(20);
    }

    @Test
    void whatTheModelNames_isInTheCode_andWhatItCallsMissingIsNot() {
        List<String> wrong = new ArrayList<>();
        Set<String> tables = tables();
        for (String name : model.named()) {
            boolean missing = name.startsWith(MISSING);
            String bare = missing ? name.substring(MISSING.length()) : name;
            boolean there = tables.contains(bare) || isMethod(bare);
            if (there == missing) {
                wrong.add(there ? bare + " is there by now: take 'missing' away" : bare + " is not in the code");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyRowOfTheCodesTables_isInTheModel_orLeftOutWithAReason() {
        Set<String> tables = tables();
        Set<String> leftOut = model.leftOut().keySet();
        Set<String> placed = new TreeSet<>(model.named());
        placed.addAll(leftOut);
        assertThat(less(tables, placed)).as("neither in the model nor left out").isEmpty();
        assertThat(less(leftOut, tables)).as("left out, and no row").isEmpty();
        assertThat(leftOut).as("left out, and in the model").doesNotContainAnyElementsOf(model.named());
        assertThat(model.leftOut().values()).as("reasons").noneMatch(String::isBlank);
    }

    @Test
    void aChangeOfPower_leadsFromAndToTheStatesOfItsRow() {
        model.rows().forEach((transition, names) -> {
            List<String[]> power = names.stream()
                    .filter(n -> n.startsWith("PowerTable "))
                    .map(n -> n.split(" "))
                    .toList();
            Set<String> to = model.powerAfter(transition);
            assertThat(to).as("states that '%s' leads to", transition).hasSize(power.size());
            for (String[] row : power) {
                assertThat(to).as(transition).containsExactly(row[3]);
                assertThat(model.powerBefore(transition)).as(transition).containsExactly(row[2]);
            }
        });
    }

    @Test
    void theModelsStates_areTheCodes() {
        assertThat(names(ProvisioningState.values())).containsAll(model.states("set"));
        assertThat(names(PowerState.values())).containsAll(model.states("power"));
    }

    @Test
    void everyPlantedBug_isTriedAndExplained() throws IOException {
        String tried = Files.readString(ModelTransitions.DIRECTORY.resolve("check"));
        String explained = Files.readString(ModelTransitions.DIRECTORY.resolve("README.md"));
        assertThat(model.bugs()).isNotEmpty().allSatisfy(bug -> {
            assertThat(tried).containsPattern("(?m)^" + bug + " \\w+$");
            assertThat(explained).contains("| `" + bug + "` | ");
        });
    }

    private static Set<String> less(Set<String> all, Set<String> some) {
        Set<String> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    /** Every row of every table, as the page writes it. */
    private static Set<String> tables() {
        Set<String> rows = new TreeSet<>();
        for (PowerEvent event : PowerEvent.values()) {
            for (PowerState from : PowerState.values()) {
                Optional<PowerState> to = PowerTable.next(from, event);
                to.ifPresent(t -> rows.add("PowerTable " + event + " " + from + " " + t));
            }
        }
        for (Class<? extends Enum<?>> states : List.<Class<? extends Enum<?>>>of(
                PowerState.class, ProvisioningState.class, OperationStatus.class, OperationKind.class)) {
            names(states.getEnumConstants()).forEach(n -> rows.add(states.getSimpleName() + " " + n));
        }
        rows.addAll(methods(OperationStore.class, _ -> true));
        rows.addAll(methods(SetKeyStore.class, _ -> true));
        rows.addAll(
                methods(VmHost.class, m -> Arrays.asList(m.getParameterTypes()).contains(Fence.class)));
        rows.addAll(methods(Rotation.class, ModelTransitionsTest::changes));
        rows.addAll(methods(DiskEncryptionSet.class, ModelTransitionsTest::changes));
        return rows;
    }

    /** Whether a method of a record gives the record as it is after a change. */
    private static boolean changes(Method method) {
        return method.getReturnType() == method.getDeclaringClass() && Modifier.isPublic(method.getModifiers());
    }

    private static Set<String> methods(Class<?> type, Predicate<Method> which) {
        Set<String> names = new TreeSet<>();
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isSynthetic() && !Modifier.isStatic(method.getModifiers()) && which.test(method)) {
                names.add(type.getSimpleName() + "." + method.getName());
            }
        }
        return names;
    }

    private static List<String> names(Enum<?>[] values) {
        return Stream.of(values).map(Enum::name).toList();
    }

    /** Whether {@code package.Class.method} is there. */
    private static boolean isMethod(String name) {
        int dot = name.lastIndexOf('.');
        try {
            return dot > 0
                    && Stream.of(Class.forName(
                                            CORE + name.substring(0, dot),
                                            false,
                                            ModelTransitions.class.getClassLoader())
                                    .getDeclaredMethods())
                            .anyMatch(m -> m.getName().equals(name.substring(dot + 1)));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
