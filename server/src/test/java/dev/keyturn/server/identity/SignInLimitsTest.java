package dev.keyturn.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.limits.Limit;
import dev.keyturn.server.limits.Limits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SignInLimitsTest {
    private final AtomicLong now = new AtomicLong();
    private final SignInLimits limits = new SignInLimits(
            Limits.defaults()
                    .with(Limit.TOKENS_PER_ADDRESS, 100)
                    .with(Limit.FAILED_TOKENS_PER_ADDRESS, 20)
                    .with(Limit.FAILED_TOKENS_PER_CLIENT, 3),
            now::get);

    @Test
    void wrongSecrets_lockTheClientOutWhereTheyCameFrom_andNowhereElse() {
        for (int i = 0; i < 3; i++) {
            assertThat(limits.wait("192.0.2.1", "admin")).isEmpty();
            limits.refused("192.0.2.1", "admin");
        }
        assertThat(limits.wait("192.0.2.1", "ADMIN")).contains(Duration.ofSeconds(20));
        assertThat(limits.wait("192.0.2.1", "other")).isEmpty();
        assertThat(limits.wait("192.0.2.2", "admin")).isEmpty();
        now.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(limits.wait("192.0.2.1", "admin")).isEmpty();
    }

    @Test
    void wrongSecretsOfManyClients_makeTheirAddressWait() {
        for (int i = 0; i < 20; i++) {
            assertThat(limits.arrived("192.0.2.1")).isEmpty();
            limits.refused("192.0.2.1", "client" + i);
        }
        assertThat(limits.arrived("192.0.2.1")).contains(Duration.ofSeconds(3));
        assertThat(limits.arrived("192.0.2.2")).isEmpty();
    }

    @Test
    void rightSecretsWithoutEnd_makeTheirAddressWaitToo() {
        for (int i = 0; i < 100; i++) {
            assertThat(limits.arrived("192.0.2.1")).isEmpty();
        }
        assertThat(limits.arrived("192.0.2.1")).isPresent();
    }
}
