package dev.keyturn.bench.faults;

import dev.keyturn.cli.client.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/** All clients of a round, a thread each. Which comes to what when is not the seed's to say, but what each wants is. */
final class Clients implements AutoCloseable {
    private static final int CHURNING = 2;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Asker> askers = new ArrayList<>();
    private final List<Throwable> bugs = new ArrayList<>();

    Clients(Stage stage, TrialFleet fleet, Optional<String> toward) {
        Random random = stage.random;
        String call = toward.orElse("");
        for (String set : TrialFleet.SETS) {
            boolean rotates = call.equals("prove") || call.equals("refusals");
            begin(new SetClient(asker(stage), child(random), fleet, set, rotates));
        }
        for (int i = 0; i < CHURNING; i++) {
            begin(new ChurnClient(asker(stage), child(random), "x" + i + "-", call));
        }
        begin(new WriteClient(asker(stage), child(random), fleet, "w"));
        begin(new WriteClient(asker(stage), child(random), fleet, "v"));
    }

    private static Random child(Random random) {
        return new Random(random.nextLong());
    }

    private Asker asker(Stage stage) {
        List<Api> nodes = new ArrayList<>();
        for (int i = 0; i < stage.site.nodes(); i++) {
            nodes.add(stage.site.api(i));
        }
        Asker asker = new Asker(nodes, askers.size(), stage.journal, over::get);
        askers.add(asker);
        return asker;
    }

    private void begin(Runnable client) {
        threads.add(Thread.ofPlatform()
                .daemon()
                .name(client.getClass().getSimpleName())
                .uncaughtExceptionHandler((_, e) -> {
                    synchronized (bugs) {
                        bugs.add(e);
                    }
                })
                .start(client));
    }

    /** Ends them; what one of them ended with by itself is a bug of this program. */
    List<Throwable> end() throws InterruptedException {
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (bugs) {
            return List.copyOf(bugs);
        }
    }

    @Override
    public void close() {
        over.set(true);
        askers.forEach(Asker::close);
    }
}
