package dev.keyturn.cli.demo;

import dev.keyturn.cli.demo.Narrator.Cell;
import dev.keyturn.cli.demo.Narrator.Table;
import dev.keyturn.cli.demo.Narrator.Tone;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The two versions of the demo's key, and how artifacts under them are shown. */
record Versions(String first, String second) {
    private static final List<String> KINDS = List.of("GuestState", "OsDisk", "DataDisk");

    String name(String keyUrl) {
        return keyUrl.equals(first) ? "v1" : keyUrl.equals(second) ? "v2" : keyUrl;
    }

    /** The version, shortened: enough to recognise it by. */
    static String brief(String keyUrl) {
        return head(KeyId.parse(keyUrl).map(KeyId::version).orElse(keyUrl));
    }

    /** The first digits of a long text that tells one thing from another. */
    static String head(String text) {
        return text.substring(0, Math.min(8, text.length()));
    }

    Table table(Map<String, List<Estate.Artifact>> fleet) {
        List<List<Cell>> rows = new ArrayList<>();
        fleet.forEach((vm, artifacts) -> {
            List<Cell> row = new ArrayList<>();
            row.add(new Cell(vm, Tone.PLAIN));
            KINDS.forEach(kind -> row.add(artifacts.stream()
                    .filter(a -> a.kind().equals(kind))
                    .findFirst()
                    .map(a -> new Cell(name(a.keyUrl()), a.keyUrl().equals(first) ? Tone.OLD : Tone.NEW))
                    .orElse(new Cell("-", Tone.PLAIN))));
            rows.add(row);
        });
        return new Table(List.of("VM", "guest state", "OS disk", "data disk"), rows);
    }

    long under(String keyUrl, Map<String, List<Estate.Artifact>> fleet) {
        return fleet.values().stream()
                .flatMap(List::stream)
                .filter(a -> a.keyUrl().equals(keyUrl))
                .count();
    }

    ObjectNode facts() {
        return Json.object().put("v1", first).put("v2", second);
    }
}
