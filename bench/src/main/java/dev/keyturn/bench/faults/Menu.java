package dev.keyturn.bench.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** The faults that can be had here, each with how often it is drawn. */
final class Menu {
    private final Map<String, Function<Random, Strike>> strikes = new LinkedHashMap<>();
    private final Map<String, Integer> weights = new LinkedHashMap<>();

    private Menu() {}

    /** What is asked for and cannot be had here is told in a line. */
    static Menu of(Plan plan, Site site, Path scratch, PrintStream out) throws IOException, InterruptedException {
        Menu menu = new Menu();
        for (String fault : plan.faults()) {
            switch (fault) {
                case "kill" -> menu.add(fault, 20, Kill::new);
                case "stop" -> menu.add(fault, 1, Stop::new);
                case "disk" -> {
                    if (site instanceof EmbeddedSite embedded && DiskFull.possible(scratch)) {
                        menu.add(fault, 3, random -> new DiskFull(embedded, random));
                    } else {
                        out.println("skipped: disk, which needs the embedded database and the right to mount");
                    }
                }
                case "cut" -> {
                    if (site instanceof PostgresSite shared) {
                        menu.add(fault, 6, random -> new Cut(shared.postgres(), random));
                    } else {
                        out.println("skipped: cut, which needs --database postgresql");
                    }
                }
                case "partition" -> {
                    if (site instanceof PostgresSite shared) {
                        menu.add(fault, 3, random -> new Partition(shared, random));
                    } else {
                        out.println("skipped: partition, which needs --database postgresql");
                    }
                }
                default -> out.println("skipped: " + fault + ", which this program cannot do yet");
            }
        }
        if (menu.strikes.isEmpty()) {
            throw new IllegalArgumentException("none of the faults asked for can be had here");
        }
        return menu;
    }

    private void add(String fault, int weight, Function<Random, Strike> strike) {
        strikes.put(fault, strike);
        weights.put(fault, weight);
    }

    String draw(Random random) {
        int all = weights.values().stream().mapToInt(Integer::intValue).sum();
        int left = random.nextInt(all);
        for (Map.Entry<String, Integer> weight : weights.entrySet()) {
            left -= weight.getValue();
            if (left < 0) {
                return weight.getKey();
            }
        }
        throw new IllegalStateException("weights that do not add up");
    }

    Strike strike(String fault, Random random) {
        return java.util.Optional.ofNullable(strikes.get(fault)).orElseThrow().apply(random);
    }
}
