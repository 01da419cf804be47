package dev.keyturn.server.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.node.SettableClock;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes that sign tokens with keys of one database. */
class SigningKeysTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final MasterKey master = MasterKey.of(new byte[32], new SecureRandom());
    private TestDatabase database;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SigningKeys node() {
        SigningKeys keys =
                new SigningKeys(database.transactions(), database.stores().signingKeys(), master, clock);
        keys.renew();
        return keys;
    }

    private static List<String> published(SigningKeys keys) {
        return keys.published().getKeys().stream().map(JWK::getKeyID).toList();
    }

    @Test
    void firstKey_signsAtOnce() {
        SigningKeys keys = node();
        assertThat(published(keys)).containsExactly(keys.current().getKeyID());
    }

    @Test
    void newKey_isPublishedByAllNodes_beforeAnySignsWithIt() {
        SigningKeys maker = node();
        SigningKeys other = node();
        String first = other.current().getKeyID();
        clock.advance(SigningKeys.ROTATE_AFTER);
        maker.renew();

        assertThat(published(maker)).hasSize(2);
        assertThat(maker.current().getKeyID()).isEqualTo(first);
        assertThat(published(other)).containsExactly(first);
        other.refresh();
        assertThat(published(other)).isEqualTo(published(maker));
        assertThat(other.current().getKeyID()).isEqualTo(first);

        clock.advance(SigningKeys.KNOWN_AFTER);
        String next = published(maker).getFirst();
        assertThat(next).isNotEqualTo(first);
        assertThat(maker.current().getKeyID()).isEqualTo(next);
        assertThat(other.current().getKeyID()).isEqualTo(next);
    }
}
