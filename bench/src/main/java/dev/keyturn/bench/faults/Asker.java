package dev.keyturn.bench.faults;

import dev.keyturn.bench.faults.Journal.Entry;
import dev.keyturn.bench.faults.Journal.Told;
import dev.keyturn.cli.CliException;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.RefusedException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A client that writes down what it asks for before it asks, and what it is told. For one thread. */
final class Asker implements AutoCloseable {
    private static final long POLL_MILLIS = 15;
    private static final long LATER_MILLIS = 200;
    /** Longer than a lease and its retries. */
    static final long PATIENCE_MILLIS = 150_000;

    private final List<Api> nodes;
    private final Journal journal;
    private final BooleanSupplier over;
    private int node;

    /** @param over once it is true nothing more is asked and no operation waited for */
    Asker(List<Api> nodes, int first, Journal journal, BooleanSupplier over) {
        this.nodes = nodes;
        this.node = first;
        this.journal = journal;
        this.over = over;
    }

    /** The round is over. */
    static final class OverException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    Api api() {
        return nodes.get(node % nodes.size());
    }

    /** As {@link #write}, and waits for the end of the operation; how it ended, empty where it was not begun. */
    String toEnd(String target, String effect, String what, boolean whole, Function<Api, Answer> request) {
        Entry entry = begin(target, effect, what, whole);
        write(entry, request);
        if (entry.told == Told.ACKNOWLEDGED && entry.operation.isEmpty()) {
            return "Succeeded";
        }
        while (entry.told == Told.ACKNOWLEDGED && entry.ended.isEmpty()) {
            poll(entry);
        }
        return entry.ended;
    }

    Entry begin(String target, String effect, String what, boolean whole) {
        if (over.getAsBoolean()) {
            throw new OverException();
        }
        return journal.begin(target, effect, what, whole);
    }

    /** Asks; what the answer was is in the entry. */
    Optional<Answer> write(Entry entry, Function<Api, Answer> request) {
        try {
            Answer answer = request.apply(api());
            journal.acknowledge(entry, answer.operation().map(Asker::path).orElse(""));
            return Optional.of(answer);
        } catch (RefusedException e) {
            if (e.httpStatus() < 500) {
                entry.told = Told.REFUSED;
            } else {
                later();
            }
        } catch (CliException e) {
            later();
        }
        return Optional.empty();
    }

    void initially(String target, String state) {
        journal.initially(target, state);
    }

    /** Says that a key version was made and its id told. */
    void has(String keyUrl) {
        journal.acknowledge(begin(keyUrl, "present", "key version", true), "");
    }

    /** What a VM's power is; empty where nobody says it. */
    String power(String vm) {
        try {
            return TrialFleet.power(api(), vm);
        } catch (RefusedException e) {
            return "";
        } catch (CliException e) {
            later();
            return "";
        }
    }

    private void poll(Entry entry) {
        try {
            pause(POLL_MILLIS);
            String status = status(api(), entry.operation);
            if (!status.equals("InProgress")) {
                entry.ended = status;
            }
        } catch (CliException e) {
            later();
        }
    }

    /** How an operation is, by its path. */
    static String status(Api api, String operation) {
        return api.own("GET", operation, Optional.empty()).text("status");
    }

    private static String path(String operation) {
        return URI.create(operation).getRawPath();
    }

    /** The node is gone, or busy: another one, after a while. */
    private void later() {
        node++;
        pause(LATER_MILLIS);
    }

    private void pause(long millis) {
        if (over.getAsBoolean()) {
            throw new OverException();
        }
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OverException();
        }
    }

    @Override
    public void close() {
        nodes.forEach(Api::close);
    }
}
