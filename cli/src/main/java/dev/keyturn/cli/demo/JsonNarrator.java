package dev.keyturn.cli.demo;

import dev.keyturn.json.Json;
import java.io.PrintWriter;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** One JSON document at the end: every step with its chapter, what it came to, and its facts. */
final class JsonNarrator implements Narrator {
    private final PrintWriter out;
    private final ArrayNode steps = Json.array();
    private String chapter = "";

    JsonNarrator(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void open(String title, List<String> under) {
        // The document has fields for all of this.
    }

    @Override
    public void chapter(String title, String about) {
        chapter = title;
    }

    @Override
    public <T> T step(String doing, Work<T> work) {
        ObjectNode step = steps.addObject().put("chapter", chapter).put("step", doing);
        long began = System.nanoTime();
        try {
            Told<T> told = work.run(_ -> {});
            step.put("succeeded", true).put("result", told.line());
            step.set("facts", told.facts());
            return told.value();
        } catch (RuntimeException e) {
            step.put("succeeded", false).put("error", String.valueOf(e.getMessage()));
            throw e;
        } finally {
            step.put("milliseconds", (System.nanoTime() - began) / 1_000_000);
        }
    }

    @Override
    public void detail(String line) {
        // Stands in the facts.
    }

    @Override
    public void table(Table table) {
        // Stands in the facts.
    }

    @Override
    public void close(boolean succeeded, List<String> lines, ObjectNode facts) {
        ObjectNode document = Json.object().put("succeeded", succeeded);
        document.setAll(facts);
        document.set("steps", steps);
        out.println(Json.pretty(document));
    }
}
