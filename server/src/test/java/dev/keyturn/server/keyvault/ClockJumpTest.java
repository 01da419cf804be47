package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is purged by the clock alone. */
class ClockJumpTest {
    private static final Duration RETENTION = Duration.ofDays(90);

    @TempDir
    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init") // set before each test
    private KeyVaultRig rig;

    @BeforeEach
    void start() {
        rig = new KeyVaultRig(directory);
        rig.makeVault(true);
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @Test
    void purge_afterTheClockJumped_waitsUntilTheTimeHasPassed() {
        delete("k");
        rig.clock.advance(Duration.ofDays(100));
        assertThat(purged()).isZero();
        assertThat(rig.time.status().jumped()).isTrue();

        pass(RETENTION.minusDays(2));
        assertThat(purged()).isZero();
        pass(Duration.ofDays(2));
        assertThat(purged()).isEqualTo(1);
    }

    @Test
    void purge_afterAnAdministratorConfirmedTheClock_isDue_butNotForWhatWasDeletedSince() {
        delete("before");
        rig.clock.advance(Duration.ofDays(100));
        delete("since");
        rig.time.confirm(rig.clock.instant(), "owner");

        assertThat(purged()).isEqualTo(1);
        pass(RETENTION.minusDays(1));
        assertThat(purged()).isZero();
        pass(Duration.ofDays(1));
        assertThat(purged()).isEqualTo(1);
    }

    @Test
    void purge_ofWhatWasDeletedWhileTheClockWasBehind_waitsItsWholeTime() {
        rig.clock.advance(Duration.ofDays(-100));
        delete("k");
        rig.clock.advance(Duration.ofDays(100));
        assertThat(purged()).isZero();

        pass(RETENTION.minusDays(1));
        assertThat(purged()).isZero();
        pass(Duration.ofDays(1));
        assertThat(purged()).isEqualTo(1);
    }

    private void delete(String name) {
        assertThat(rig.vault("POST", "/keys/" + name + "/create", "{\"kty\":\"EC\"}")
                        .status())
                .isEqualTo(200);
        assertThat(rig.vault("DELETE", "/keys/" + name, "").status()).isEqualTo(200);
    }

    private int purged() {
        Instant now = rig.time.reached();
        return rig.services.deleted().purgeDue(now);
    }

    private void pass(Duration time) {
        rig.clock.advance(time);
        rig.elapsed.advance(time);
    }
}
