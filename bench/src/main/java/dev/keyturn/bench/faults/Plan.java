package dev.keyturn.bench.faults;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** What is asked for on the command line. */
record Plan(
        OptionalInt rounds,
        OptionalInt minutes,
        int nodes,
        String database,
        long seed,
        List<String> faults,
        Path directory) {
    static final List<String> FAULTS = List.of("kill", "stop", "cut", "disk", "clock", "partition");
    static final String EMBEDDED = "embedded";
    static final String POSTGRESQL = "postgresql";
    static final String USAGE =
            "usage: bench/faults [--rounds N | --minutes M] [--nodes K] [--database embedded|postgresql]"
                    + " [--seed S] [--faults " + String.join(",", FAULTS) + "] [--directory DIR]";
    private static final int USUAL_ROUNDS = 20;

    /** @throws IllegalArgumentException that says all that is wrong */
    static Plan parse(List<String> arguments) {
        OptionalInt rounds = OptionalInt.empty();
        OptionalInt minutes = OptionalInt.empty();
        int nodes = 1;
        String database = EMBEDDED;
        long seed = new Random().nextInt(1_000_000);
        List<String> faults = FAULTS;
        Path directory = Path.of("target", "faults");
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (i + 1 == arguments.size()) {
                wrong.add(name + " needs a value");
                break;
            }
            String value = arguments.get(i + 1);
            try {
                switch (name) {
                    case "--rounds" -> rounds = OptionalInt.of(Integer.parseInt(value));
                    case "--minutes" -> minutes = OptionalInt.of(Integer.parseInt(value));
                    case "--nodes" -> nodes = Integer.parseInt(value);
                    case "--database" -> database = value;
                    case "--seed" -> seed = Long.parseLong(value);
                    case "--faults" -> faults = List.of(value.split(","));
                    case "--directory" -> directory = Path.of(value);
                    default -> wrong.add("there is no option " + name);
                }
            } catch (NumberFormatException e) {
                wrong.add(name + " must be a whole number, not '" + value + "'");
            }
        }
        if (rounds.isPresent() && minutes.isPresent()) {
            wrong.add("--rounds and --minutes exclude each other");
        }
        if (!List.of(EMBEDDED, POSTGRESQL).contains(database)) {
            wrong.add("--database is embedded or postgresql, not '" + database + "'");
        }
        if (nodes < 1 || nodes > 9) {
            wrong.add("--nodes is 1 to 9, not " + nodes);
        }
        if (nodes > 1 && database.equals(EMBEDDED)) {
            wrong.add("the embedded database has one node; several need --database postgresql");
        }
        faults.stream()
                .filter(f -> !FAULTS.contains(f))
                .forEach(f -> wrong.add("there is no fault '" + f + "'; there are " + String.join(", ", FAULTS)));
        if (!wrong.isEmpty()) {
            wrong.add(USAGE);
            throw new IllegalArgumentException(String.join("\n", wrong));
        }
        return new Plan(rounds, minutes, nodes, database, seed, faults, directory);
    }

    boolean goesOn(int done, double seconds) {
        return minutes.isPresent() ? seconds < minutes.getAsInt() * 60.0 : done < rounds.orElse(USUAL_ROUNDS);
    }

    /** What repeats one round: what clients want and which fault strikes where, not what comes first. */
    String command(long oneSeed) {
        return "bench/faults --rounds 1 --seed " + oneSeed + " --faults " + String.join(",", faults)
                + (database.equals(EMBEDDED) ? "" : " --database " + database + " --nodes " + nodes);
    }
}
