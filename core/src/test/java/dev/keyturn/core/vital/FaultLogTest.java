package dev.keyturn.core.vital;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultLogTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long now;
    private FaultLog faults;

    @BeforeEach
    void listen() {
        LoggerContext context = new LoggerContext();
        Logger log = context.getLogger("faults");
        log.setLevel(Level.INFO);
        lines.setContext(context);
        lines.start();
        log.addAppender(lines);
        faults = new FaultLog(log, () -> now);
    }

    private static RuntimeException bug() {
        return new IllegalStateException("different each time: " + System.nanoTime());
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void sameFault_isToldOnceAMinute_thenWithItsNumber() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(faults.tell("r" + i, "request", bug())).isEqualTo("r0");
        }
        assertThat(told()).containsExactly("request r0");
        assertThat(lines.list.getFirst().getThrowableProxy()).isNotNull();
        now += Duration.ofMinutes(1).toNanos();
        assertThat(faults.tell("later", "request", bug())).isEqualTo("later");
        assertThat(told()).containsExactly("request r0", "request later (and 999 more like it since the last)");
    }

    @Test
    void anotherClassOrAnotherPlace_isAnotherFault() {
        faults.tell("a", "request", bug());
        faults.tell("b", "request", new IllegalStateException("another place"));
        faults.tell("c", "request", new IllegalArgumentException());
        assertThat(told()).containsExactly("request a", "request b", "request c");
    }

    @Test
    void numberOfAFaultThatCameNoMore_isToldBesideAnother() {
        faults.tell("a", "request", bug());
        faults.tell("b", "request", bug());
        now += Duration.ofMinutes(2).toNanos();
        faults.tell("c", "request", new IllegalArgumentException());
        assertThat(told()).hasSize(3);
        assertThat(told().get(1)).startsWith("1 more faults like that of a: java.lang.IllegalStateException at ");
    }

    @Test
    void stackThatRanOver_isOneFaultWhereverItDid_andToldShort() {
        for (int depth = 0; depth < 3; depth++) {
            faults.tell("s" + depth, "request", overflow());
        }
        assertThat(told()).containsExactly("request s0");
        assertThat(lines.list.getFirst().getThrowableProxy().getStackTraceElementProxyArray())
                .hasSize(64);
    }

    @Test
    void manyKinds_areNotAllRemembered() {
        for (int i = 0; i < 10_000; i++) {
            IllegalStateException fault = new IllegalStateException();
            fault.setStackTrace(new StackTraceElement[] {new StackTraceElement("C" + i, "m", "C.java", i)});
            faults.tell("k" + i, "request", fault);
        }
        assertThat(faults.kinds()).isLessThanOrEqualTo(64);
    }

    private static StackOverflowError overflow() {
        try {
            throw new AssertionError(deeper(0));
        } catch (StackOverflowError e) {
            return e;
        }
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static int deeper(int depth) {
        return 1 + deeper(depth + 1);
    }
}
