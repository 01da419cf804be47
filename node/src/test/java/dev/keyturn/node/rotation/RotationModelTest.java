package dev.keyturn.node.rotation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * R2 to R5 against a model: seeded random sequences of adding, starting and stopping VMs, failing and healing
 * artifacts, disabling keys, silencing the host, rotating, and killing in the middle of a rotation. After each step the
 * engine must be where the model says, and every artifact must open. A failure prints the shortest sequence found.
 *
 * <p>{@code -Dkeyturn.model.seeds=1000} runs more of them.
 */
class RotationModelTest {
    private static final int STEPS = 25;

    @TempDir
    Path directory;

    private int runs;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("keyturn.model.seeds", 40));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void anySequence_leavesEveryArtifactOpenableAndTheTruthTold(long seed) throws Exception {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>(List.of(new Step.AddVm(), new Step.AddVm()));
        for (int i = 0; i < STEPS; i++) {
            steps.add(Step.random(random));
        }
        AssertionError failure = failureOf(steps);
        if (failure != null) {
            List<Step> shortest = shortened(steps);
            throw new AssertionError(
                    "seed " + seed + " fails; shortest sequence found: " + shortest + "\n" + failureOf(shortest),
                    failure);
        }
    }

    /** Takes steps out, one after another, as long as it still fails. */
    private List<Step> shortened(List<Step> failing) throws Exception {
        List<Step> shortest = failing;
        boolean shorter = true;
        while (shorter) {
            shorter = false;
            for (int i = shortest.size() - 1; i >= 0; i--) {
                List<Step> without = new ArrayList<>(shortest);
                without.remove(i);
                if (failureOf(without) != null) {
                    shortest = without;
                    shorter = true;
                }
            }
        }
        return shortest;
    }

    private AssertionError failureOf(List<Step> steps) throws Exception {
        Path own = Files.createDirectory(directory.resolve("run" + runs++));
        try (Model model = new Model(own)) {
            for (Step step : steps) {
                model.apply(step);
            }
            return null;
        } catch (AssertionError e) {
            return e;
        } catch (RuntimeException e) {
            return new AssertionError("a step met " + e, e);
        }
    }
}
