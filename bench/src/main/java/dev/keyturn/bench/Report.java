package dev.keyturn.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Figures as plain lines, one each. */
record Report(PrintStream out) {
    void title(String title) {
        out.println();
        out.println("## " + title);
        out.println("(" + Runtime.getRuntime().availableProcessors() + " processors, JDK " + Runtime.version() + ", "
                + System.getProperty("os.arch") + ")");
    }

    void line(String what, double value, String unit) {
        String format = value < 100 ? "%.2f" : "%,.0f";
        line(what, String.format(Locale.ROOT, format, value), unit);
    }

    void line(String what, long count, String unit) {
        line(what, String.format(Locale.ROOT, "%,d", count), unit);
    }

    void line(String what, String value, String unit) {
        out.println(String.format(Locale.ROOT, "%-46s %s %s", what, value, unit).stripTrailing());
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
