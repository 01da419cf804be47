package dev.keyturn.server;

import dev.keyturn.server.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Many callers who all begin at the same time. */
public final class AtOnce {
    /** How many. */
    public static final int CALLERS = 40;

    private AtOnce() {}

    /** Each calls with its own number, from 0; what each was answered, in the order of the numbers. */
    public static List<Response> call(IntFunction<Response> call) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch all = new CountDownLatch(CALLERS);
            List<Future<Response>> answers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int number = i;
                answers.add(threads.submit(() -> {
                    all.countDown();
                    all.await();
                    return call.apply(number);
                }));
            }
            List<Response> out = new ArrayList<>();
            for (Future<Response> answer : answers) {
                out.add(answer.get());
            }
            return out;
        }
    }
}
