package dev.keyturn.bench;

/** Elapsed time. */
record Stopwatch(long startedAt) {
    static Stopwatch start() {
        return new Stopwatch(System.nanoTime());
    }

    double seconds() {
        return (System.nanoTime() - startedAt) / 1e9;
    }
}
