package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.CliException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** All VMs of the demo at once. */
record Fleet(Estate estate, List<String> vms) {
    Fleet {
        vms = List.copyOf(vms);
    }

    void each(IntConsumer percent, List<String> some, Consumer<String> act) {
        for (int i = 0; i < some.size(); i++) {
            percent.accept(100 * i / some.size());
            act.accept(some.get(i));
        }
    }

    void each(IntConsumer percent, Consumer<String> act) {
        each(percent, vms, act);
    }

    /**
     * All at once; the first failure is thrown when all have ended, so that nothing goes on behind it.
     *
     * @param percent hears how many are done
     */
    void together(IntConsumer percent, Consumer<String> act) {
        AtomicInteger done = new AtomicInteger();
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String vm : vms) {
                all.add(threads.submit(() -> {
                    act.accept(vm);
                    percent.accept(100 * done.incrementAndGet() / vms.size());
                }));
            }
        }
        for (Future<?> one : all) {
            if (one.state() == Future.State.FAILED) {
                throw one.exceptionNow() instanceof RuntimeException e
                        ? e
                        : new IllegalStateException(one.exceptionNow());
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw CliException.failed("interrupted");
        }
    }

    /** @throws StoryFailedException where one is not, by the server's word */
    void mustBe(String power) {
        for (String vm : vms) {
            String now = estate.power(vm);
            unless(now.equals(power), vm + " should be " + power + ", and is " + now);
        }
    }

    Map<String, List<Estate.Artifact>> artifacts() {
        Map<String, List<Estate.Artifact>> all = new LinkedHashMap<>();
        vms.forEach(vm -> all.put(vm, estate.artifacts(vm)));
        return all;
    }
}
