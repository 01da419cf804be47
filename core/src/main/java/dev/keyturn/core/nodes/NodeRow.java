package dev.keyturn.core.nodes;

import java.time.Instant;
import java.util.UUID;

/**
 * One server of an installation, as it last told of itself.
 *
 * @param name {@link NodeName}: the same at each start
 * @param instance made anew at each start: tells two processes of one name apart
 * @param address where the other nodes reach it, {@code HOST:PORT}
 * @param schema the newest version of the schema that its program knows
 * @param liveUntil by the database's clock; until then nobody else has the name
 */
public record NodeRow(String name, UUID instance, String address, long schema, Instant liveUntil) {
    public boolean liveAt(Instant now) {
        return liveUntil.isAfter(now);
    }

    NodeRow until(Instant end) {
        return new NodeRow(name, instance, address, schema, end);
    }
}
