package dev.keyturn.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of "Every route" in docs/permissions.md: a row for each route, below the heading of its host. */
final class DoorsPage {
    private static final Path PAGE = Path.of("../docs/permissions.md");
    private static final Map<String, String> HEADINGS = Map.of(
            "### Routes at the server's own name", "server",
            "### Routes at the name of a vault", "vault",
            "### Routes at the name of a managed HSM", "hsm",
            "### Pages of the portal", "portal");
    private static final List<String> HEAD = List.of("| route | asks | at |", "|---|---|---|");

    private DoorsPage() {}

    /** The page as it is. */
    static String committed() throws IOException {
        return Files.readString(PAGE);
    }

    /** The page as it would be with these rows, by host. */
    static String with(Map<String, List<String>> rows) throws IOException {
        return with(Files.readAllLines(PAGE), rows);
    }

    /** @throws IllegalStateException where the page has not one table for each host that has rows */
    static String with(List<String> page, Map<String, List<String>> rows) {
        List<String> out = new ArrayList<>();
        List<String> written = new ArrayList<>();
        String host = "";
        for (String line : page) {
            if (line.startsWith("#")) {
                host = HEADINGS.getOrDefault(line, "");
            }
            boolean table = !host.isEmpty() && line.startsWith("|");
            if (!table) {
                out.add(line);
            } else if (line.startsWith("|---")) {
                out.addAll(HEAD);
                out.addAll(rows.getOrDefault(host, List.of()));
                written.add(host);
            }
        }
        if (!written.stream()
                .sorted()
                .toList()
                .equals(rows.keySet().stream().sorted().toList())) {
            throw new IllegalStateException(
                    "there are rows for " + rows.keySet() + ", and on the page tables of " + written);
        }
        return String.join("\n", out) + "\n";
    }

    static void write(String page) throws IOException {
        Files.writeString(PAGE, page);
    }
}
