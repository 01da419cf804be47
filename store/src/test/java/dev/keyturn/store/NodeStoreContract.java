package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.nodes.NodeRow;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class NodeStoreContract extends StoreContract {
    private static final UUID FIRST = new UUID(0, 1);
    private static final UUID SECOND = new UUID(0, 2);

    private static NodeRow row(String name, UUID instance) {
        return new NodeRow(name, instance, "127.0.0.1:8443", 34, NOW);
    }

    @Test
    void put_isFoundByItsName_andReplacesAnOlderOne() {
        run(tx -> stores.nodes().put(tx, row("b", FIRST)));
        run(tx -> stores.nodes().put(tx, row("a", FIRST)));
        NodeRow next = new NodeRow("b", SECOND, "10.0.0.1:443", 35, NOW.plusSeconds(15));
        run(tx -> stores.nodes().put(tx, next));

        assertThat(one(tx -> stores.nodes().find(tx, "b"))).contains(next);
        assertThat(one(tx -> stores.nodes().find(tx, "c"))).isEmpty();
        assertThat(many(tx -> stores.nodes().all(tx))).containsExactly(row("a", FIRST), next);
    }

    @Test
    void renew_hitsTheRowOfThatInstanceAlone() {
        run(tx -> stores.nodes().put(tx, row("a", SECOND)));

        assertThat(did(tx -> stores.nodes().renew(tx, "a", FIRST, NOW.plusSeconds(9))))
                .isFalse();
        assertThat(one(tx -> stores.nodes().find(tx, "a"))).contains(row("a", SECOND));
        assertThat(did(tx -> stores.nodes().renew(tx, "a", SECOND, NOW.plusSeconds(9))))
                .isTrue();
        assertThat(one(tx -> stores.nodes().find(tx, "a")).map(NodeRow::liveUntil))
                .contains(NOW.plusSeconds(9));
    }

    @Test
    void schema_isTheNewestVersionThatWasApplied() {
        assertThat(count(tx -> stores.nodes().schema(tx))).isGreaterThanOrEqualTo(34);
    }
}
