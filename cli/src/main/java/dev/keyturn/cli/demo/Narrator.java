package dev.keyturn.cli.demo;

import java.util.List;
import java.util.function.IntConsumer;
import tools.jackson.databind.node.ObjectNode;

/** Tells the demo to whoever watches. Used by one thread. */
interface Narrator {
    /** What a step came to: its value for the steps to come, one line for a person, its facts for a program. */
    record Told<T>(T value, String line, ObjectNode facts) {}

    /** A step's work; it may say how far it is, in percent. */
    @FunctionalInterface
    interface Work<T> {
        Told<T> run(IntConsumer percent);
    }

    /** Cells of a table that shows which key version each artifact is under. */
    record Table(List<String> head, List<List<Cell>> rows) {
        public Table {
            head = List.copyOf(head);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    enum Tone {
        PLAIN,
        OLD,
        NEW
    }

    record Cell(String text, Tone tone) {}

    void open(String title, List<String> under);

    /** A new part of the story, and what it is about in one sentence. */
    void chapter(String title, String about);

    /** Does one step and tells it. An exception is told as the failure of the step and thrown on. */
    <T> T step(String doing, Work<T> work);

    /** A line that belongs to the step before it. */
    void detail(String line);

    void table(Table table);

    /** @param facts what a program wants to know of the whole */
    void close(boolean succeeded, List<String> lines, ObjectNode facts);
}
