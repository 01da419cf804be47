package dev.keyturn.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class AuditReaderTest {
    /** Asks a second question while the first is being answered. */
    private final class Asking implements Transactions {
        private Optional<DomainException> second = Optional.empty();
        private boolean asked;

        @Override
        @SuppressWarnings("unchecked")
        public <T> T read(Function<Tx, T> work) {
            if (!asked) {
                asked = true;
                try {
                    reader.find(AuditQuery.ALL, 1);
                } catch (DomainException e) {
                    second = Optional.of(e);
                }
            }
            return (T) new AuditStore.Found(List.of(), Optional.empty());
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            throw new UnsupportedOperationException();
        }
    }

    private final Asking transactions = new Asking();
    private final AuditReader reader =
            new AuditReader(transactions, new InMemoryAudit(), new TestSigner(), new TestLasts(), Duration.ZERO);

    @Test
    void find_whileAnotherIsAnswered_isToldToComeAgain_andHasItsTurnAfterwards() {
        reader.find(AuditQuery.ALL, 1);

        assertThat(transactions.second)
                .hasValueSatisfying(e -> assertThat(e.error()).isInstanceOf(DomainError.Throttled.class));
        assertThat(reader.find(AuditQuery.ALL, 1).records()).isEmpty();
    }
}
