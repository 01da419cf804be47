package dev.keyturn.cli.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Tells the demo to a person: with live progress on a terminal, in plain lines elsewhere. */
final class TextNarrator implements Narrator {
    private final PrintWriter out;
    private final Look look;
    private int chapters;

    TextNarrator(PrintWriter out, Look look) {
        this.out = out;
        this.look = look;
    }

    @Override
    public void open(String title, List<String> under) {
        out.println(look.bold(title));
        under.forEach(l -> out.println(look.dim(l)));
    }

    @Override
    public void chapter(String title, String about) {
        out.println();
        out.println(look.bold(++chapters + "  " + title));
        wrapped(about, "   ").forEach(l -> out.println(look.dim(l)));
    }

    @Override
    public <T> T step(String doing, Work<T> work) {
        long began = System.nanoTime();
        Optional<LiveLine> live = look.live() ? Optional.of(new LiveLine(out, look, doing)) : Optional.empty();
        Told<T> told;
        try {
            told = work.run(percent -> live.ifPresent(l -> l.at(percent)));
        } catch (RuntimeException e) {
            live.ifPresent(LiveLine::close);
            out.println("  " + look.red(look.cross() + " " + doing));
            throw e;
        }
        live.ifPresent(LiveLine::close);
        double seconds = (System.nanoTime() - began) / 1e9;
        out.println("  " + look.green(look.tick()) + " " + told.line() + "  "
                + look.dim(String.format(Locale.ROOT, "%.2f s", seconds)));
        return told.value();
    }

    @Override
    public void detail(String line) {
        wrapped(line, "      ").forEach(l -> out.println(look.dim(l)));
    }

    @Override
    public void table(Table table) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < table.head().size(); column++) {
            int at = column;
            widths.add(Math.max(
                    table.head().get(at).length(),
                    table.rows().stream()
                            .mapToInt(r -> at < r.size() ? r.get(at).text().length() : 0)
                            .max()
                            .orElse(0)));
        }
        out.println();
        StringBuilder head = new StringBuilder("      ");
        for (int i = 0; i < table.head().size(); i++) {
            head.append(padded(table.head().get(i), widths.get(i))).append("   ");
        }
        out.println(look.dim(head.toString().stripTrailing()));
        for (List<Cell> row : table.rows()) {
            StringBuilder line = new StringBuilder("      ");
            for (int i = 0; i < row.size(); i++) {
                boolean last = i == row.size() - 1;
                String text = last ? row.get(i).text() : padded(row.get(i).text(), widths.get(i)) + "   ";
                line.append(toned(text, row.get(i).tone()));
            }
            out.println(line);
        }
    }

    @Override
    public void close(boolean succeeded, List<String> lines, ObjectNode facts) {
        out.println();
        String sign = succeeded ? look.green(look.tick()) : look.red(look.cross());
        boolean first = true;
        for (String line : lines) {
            out.println(first ? sign + " " + look.bold(line) : ("  " + line).stripTrailing());
            first = false;
        }
    }

    private String toned(String text, Tone tone) {
        return switch (tone) {
            case PLAIN -> text;
            case OLD -> look.yellow(text);
            case NEW -> look.green(text);
        };
    }

    private List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.split(" ")) {
            if (line.length() > indent.length() && line.length() + word.length() > look.width() - 2) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - text.length());
    }
}
