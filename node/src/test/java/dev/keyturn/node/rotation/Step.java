package dev.keyturn.node.rotation;

import java.util.Random;

/** What can happen to a set, for the model-based test. Numbers are taken modulo what there is. */
sealed interface Step {
    int KEYS = 4;

    record AddVm() implements Step {}

    record Start(int vm) implements Step {}

    record Stop(int vm) implements Step {}

    record StopAll() implements Step {}

    record Stick(int artifact) implements Step {}

    record HealAll() implements Step {}

    record Disable(int key) implements Step {}

    record EnableAll() implements Step {}

    record Silence(boolean silent) implements Step {}

    record Rotate(int key) implements Step {}

    /** A rotation that is killed at its n-th write, before or after that is durable; then the next start. */
    record RotateKilled(int key, int write, boolean afterCommit) implements Step {}

    static Step random(Random random) {
        return switch (random.nextInt(16)) {
            case 0 -> new AddVm();
            case 1 -> new Start(random.nextInt(100));
            case 2 -> new Stop(random.nextInt(100));
            case 3, 4 -> new StopAll();
            case 5 -> new Stick(random.nextInt(100));
            case 6, 7 -> new HealAll();
            case 8 -> new Disable(random.nextInt(KEYS));
            case 9, 10 -> new EnableAll();
            case 11 -> new Silence(random.nextInt(3) == 0);
            case 12, 13 -> new Rotate(random.nextInt(KEYS));
            default -> new RotateKilled(random.nextInt(KEYS), 1 + random.nextInt(9), random.nextBoolean());
        };
    }
}
