package dev.keyturn.server.fuzz;

/** What Jazzer calls, in a process of its own: the target that the arguments name. */
public final class Fuzzing {
    private static FuzzTarget target = _ -> {
        throw new IllegalStateException("no target was named");
    };

    private Fuzzing() {}

    public static void fuzzerInitialize(String[] arguments) throws Exception {
        target = Targets.open(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        target.run(input);
    }

    public static void fuzzerTearDown() {
        target.close();
    }
}
