package dev.keyturn.store;

import dev.keyturn.core.operation.LeaseClock;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.time.Instant;

/** The clock of the PostgreSQL server that has the database: one for all nodes. Thread-safe. */
public final class PostgresLeaseClock implements LeaseClock {
    @Override
    public Instant now(Tx tx) {
        // microseconds since 1970 in UTC: a number needs no time zone of any session
        long micros = SqlTx.of(tx)
                .one("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)", Row::number)
                .orElseThrow();
        return Instant.EPOCH
                .plusSeconds(Math.floorDiv(micros, 1_000_000L))
                .plusNanos(Math.floorMod(micros, 1_000_000L) * 1_000L);
    }
}
