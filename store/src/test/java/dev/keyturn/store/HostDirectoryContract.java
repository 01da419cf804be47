package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.host.HostCapabilities;
import dev.keyturn.core.host.HostInfo;
import dev.keyturn.core.host.ServedHost;
import dev.keyturn.core.operation.LeaseOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

abstract class HostDirectoryContract extends StoreContract {
    private static final LeaseOwner N1 = new LeaseOwner("n1", UUID.randomUUID());
    private static final LeaseOwner N1_LATER = new LeaseOwner("n1", UUID.randomUUID());
    private static final LeaseOwner N2 = new LeaseOwner("n2", UUID.randomUUID());
    private static final Instant LATER = NOW.plusSeconds(15);

    private static ServedHost host(String name, LeaseOwner owner, Instant until) {
        HostCapabilities can = HostCapabilities.CAREFUL.plugging().withoutConsoles("has none");
        return new ServedHost(
                new HostInfo(name, "libvirt", "encrypted at rest", can),
                Duration.ofMillis(5_250),
                owner,
                "10.0.0.1:8443",
                until);
    }

    private boolean claimed(ServedHost host, Instant now) {
        return did(tx -> stores.hosts().claim(tx, host, now));
    }

    @Test
    void claimedHost_isFoundAsItWasWritten() {
        ServedHost b = host("b", N1, LATER);
        ServedHost a = new ServedHost(
                new HostInfo(
                        "a",
                        "other",
                        "",
                        HostCapabilities.CAREFUL.withoutBoot().withoutProof().lookedAtEvery(Duration.ofSeconds(15))),
                Duration.ofSeconds(1),
                N2,
                "[::1]:1",
                NOW);
        assertThat(claimed(b, NOW)).isTrue();
        assertThat(claimed(a, NOW)).isTrue();
        assertThat(many(tx -> stores.hosts().all(tx))).containsExactly(a, b);
        assertThat(one(tx -> stores.hosts().find(tx, "b"))).contains(b);
        assertThat(one(tx -> stores.hosts().find(tx, "c"))).isEmpty();
    }

    @Test
    void hostOfANodeThatIsLive_isNotAnothers() {
        ServedHost first = host("h", N1, LATER);
        assertThat(claimed(first, NOW)).isTrue();
        assertThat(claimed(host("h", N2, LATER.plusSeconds(1)), LATER.minusMillis(1)))
                .isFalse();
        assertThat(one(tx -> stores.hosts().find(tx, "h"))).contains(first);
        assertThat(claimed(host("h", N2, LATER.plusSeconds(1)), LATER)).isTrue();
        assertThat(did(tx -> stores.hosts().renew(tx, first.until(LATER.plusSeconds(9)))))
                .isFalse();
        assertThat(one(tx -> stores.hosts().find(tx, "h"))).contains(host("h", N2, LATER.plusSeconds(1)));
    }

    @Test
    void laterStartOfTheSameNode_takesItsHostAtOnce_andTheEarlierOneRenewsItNoMore() {
        assertThat(claimed(host("h", N1, LATER), NOW)).isTrue();
        assertThat(claimed(host("h", N1_LATER, LATER), NOW)).isTrue();
        assertThat(did(tx -> stores.hosts().renew(tx, host("h", N1, LATER)))).isFalse();
        assertThat(did(tx -> stores.hosts().renew(tx, host("h", N1_LATER, LATER.plusSeconds(5)))))
                .isTrue();
        assertThat(many(tx -> stores.hosts().all(tx))).containsExactly(host("h", N1_LATER, LATER.plusSeconds(5)));
    }

    @Test
    void renewal_isTheOwnersAlsoWhenItComesLate_andTellsWhatTheHostSaysByNow() {
        assertThat(did(tx -> stores.hosts().renew(tx, host("h", N1, LATER)))).isFalse();
        assertThat(claimed(host("h", N1, NOW.minusSeconds(60)), NOW.minusSeconds(75)))
                .isTrue();
        ServedHost known = new ServedHost(
                new HostInfo("h", "libvirt", "memory encrypted"), Duration.ofSeconds(5), N1, "other:1", LATER);
        assertThat(did(tx -> stores.hosts().renew(tx, known))).isTrue();
        assertThat(one(tx -> stores.hosts().find(tx, "h"))).contains(known);
    }

    @Test
    void nodeThatLeaves_servesNoneFromThenOn_andOthersGoOn() {
        assertThat(claimed(host("a", N1, LATER), NOW)).isTrue();
        assertThat(claimed(host("b", N2, LATER), NOW)).isTrue();
        run(tx -> stores.hosts().leave(tx, N1_LATER, NOW));
        assertThat(one(tx -> stores.hosts().find(tx, "a"))).contains(host("a", N1, LATER));
        run(tx -> stores.hosts().leave(tx, N1, NOW));
        assertThat(many(tx -> stores.hosts().all(tx))).containsExactly(host("a", N1, NOW), host("b", N2, LATER));
    }

    @Test
    void hostThatANodeIsStartedWithoutIsForgotten_andThatOfAnotherNodeIsNot() {
        for (String name : List.of("a", "b")) {
            assertThat(claimed(host(name, N1, LATER), NOW)).isTrue();
        }
        assertThat(claimed(host("c", N2, LATER), NOW)).isTrue();
        run(tx -> stores.hosts().retain(tx, "n1", List.of("b")));
        assertThat(many(tx -> stores.hosts().all(tx)))
                .extracting(ServedHost::name)
                .containsExactly("b", "c");
    }
}
