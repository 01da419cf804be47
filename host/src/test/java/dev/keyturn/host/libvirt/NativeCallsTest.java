package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class NativeCallsTest {
    /** As a file server that is gone: the question never comes back. */
    @Test
    void storageThatDoesNotAnswer_isRefusedAfterThePatience_andNamed() {
        CountDownLatch back = new CountDownLatch(1);
        try (NativeCalls storage = NativeCalls.ofStorage("rack1")) {
            DomainException refused = catchThrowableOfType(
                    DomainException.class,
                    () -> storage.within(Duration.ofMillis(20), () -> {
                        back.await();
                        return true;
                    }));
            assertThat(refused).isNotNull();
            assertThat(refused.error()).isInstanceOf(DomainError.Unavailable.class);
            assertThat(refused.error().info().code()).isEqualTo("HostNotReachable");
            assertThat(refused.error().info().message())
                    .isEqualTo("The storage directory of the host 'rack1' did not answer within 20 ms.");
            assertThat(storage.within(Duration.ofSeconds(20), () -> 7)).isEqualTo(7);
        } finally {
            back.countDown();
        }
    }

    @Test
    void questionsThatAreNotAnswered_areRefusedAtOnce_whenThereAreTooMany() {
        CountDownLatch back = new CountDownLatch(1);
        try (NativeCalls storage = NativeCalls.ofStorage("rack1")) {
            String last = "";
            for (int i = 0; i < 65; i++) {
                DomainException refused = catchThrowableOfType(
                        DomainException.class,
                        () -> storage.within(Duration.ZERO, () -> {
                            back.await();
                            return true;
                        }));
                last = refused.error().info().message();
            }
            assertThat(last).contains("64 questions are waiting");
        } finally {
            back.countDown();
        }
    }
}
