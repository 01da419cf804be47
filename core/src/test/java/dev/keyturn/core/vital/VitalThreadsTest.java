package dev.keyturn.core.vital;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class VitalThreadsTest {
    private final List<String> deaths = Collections.synchronizedList(new ArrayList<>());
    private final VitalThreads vital = new VitalThreads(
            (thread, cause) -> deaths.add(thread + ": " + cause.getClass().getSimpleName()));

    @Test
    void body_thatThrowsAnything_isADeath() throws Exception {
        for (Throwable cause : List.of(new IllegalStateException(), new StackOverflowError(), new OutOfMemoryError())) {
            Thread thread = vital.platform("writer", () -> sneak(cause));
            thread.start();
            thread.join();
        }
        assertThat(deaths)
                .containsExactly(
                        "writer: IllegalStateException", "writer: StackOverflowError", "writer: OutOfMemoryError");
    }

    @Test
    void body_thatReturns_isNoDeath_butItsThreadHasEnded() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread thread = vital.virtual("tasks", () -> {
            running.countDown();
            await(go);
        });
        thread.start();
        await(running);
        assertThat(vital.ended()).isEmpty();
        go.countDown();
        thread.join();
        assertThat(vital.ended()).containsExactly("tasks");
        assertThat(deaths).isEmpty();
    }

    @Test
    void guardedWork_isNotAmongTheThreads() throws Exception {
        Thread thread = Thread.ofVirtual().name("operation-1").start(() -> vital.guard(() -> sneak(new Error())));
        thread.join();
        assertThat(deaths).containsExactly("operation-1: Error");
        assertThat(vital.ended()).isEmpty();
    }

    @Test
    void round_thatDoesNotEnd_isOverdue_untilItDoes() throws Exception {
        AtomicLong now = new AtomicLong();
        VitalThreads timed = new VitalThreads((_, _) -> {}, now::get);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Thread thread = timed.virtual(
                "purge",
                () -> timed.round(() -> {
                    running.countDown();
                    await(go);
                }));
        thread.start();
        await(running);
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(timed.overdue(Duration.ofMinutes(10))).isEmpty();
        now.addAndGet(1);
        assertThat(timed.overdue(Duration.ofMinutes(10))).containsExactly("purge");
        go.countDown();
        thread.join();
        assertThat(timed.overdue(Duration.ofMinutes(10))).isEmpty();
    }

    @Test
    void outOfMemory_endsTheProcess_aStackOverflowDoesNot() {
        assertThat(VitalThreads.endsProcess(new OutOfMemoryError())).isTrue();
        assertThat(VitalThreads.endsProcess(new InternalError())).isTrue();
        assertThat(VitalThreads.endsProcess(new StackOverflowError())).isFalse();
        assertThat(VitalThreads.endsProcess(new AssertionError())).isFalse();
        assertThat(VitalThreads.endsProcess(new IllegalStateException())).isFalse();
    }

    @Test
    void line_saysThreadAndCause_butNotTheCausesMessage() {
        Halt.Line line = new Halt.Line();
        line.tell("store-writer", new OutOfMemoryError("secret"));
        assertThat(text(line))
                .isEqualTo(
                        "keyturn: the thread 'store-writer' died of java.lang.OutOfMemoryError; the process ends, and"
                                + " the next start resumes what was under way\n");
    }

    @Test
    void line_saysWhereAFaultThatCanBeMendedCameFrom() {
        Halt.Line line = new Halt.Line();
        line.tell("operations", new IllegalStateException("secret"));
        assertThat(text(line))
                .contains(" at dev.keyturn.core.vital.VitalThreadsTest.line_says")
                .doesNotContain("secret");
    }

    @Test
    void line_isOneLine_howeverLongAndOddAThreadsName() {
        Halt.Line line = new Halt.Line();
        line.tell("power of \n" + "h".repeat(2_000), new OutOfMemoryError());
        assertThat(text(line))
                .hasSize(line.bytes.length)
                .endsWith("h\n")
                .startsWith("keyturn: the thread 'power of ?h");
    }

    private static String text(Halt.Line line) {
        return new String(line.bytes, 0, line.length, StandardCharsets.US_ASCII);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sneak(Throwable cause) {
        switch (cause) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalArgumentException(cause);
        }
    }
}
