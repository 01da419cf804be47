package dev.keyturn.server.portal.overview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.server.portal.overview.OverviewPage.Need;
import dev.keyturn.server.tls.ServerCertificates.Lives;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CertificateNeedsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static Instant in(int days) {
        return NOW.plus(Duration.ofDays(days));
    }

    private static List<String> kinds(Lives lives) {
        return CertificateNeeds.of(lives, NOW).stream().map(Need::kind).toList();
    }

    @Test
    void certificateThatRenewsItself_needsNobody() {
        assertThat(kinds(new Lives(in(60), in(90), in(3000)))).isEmpty();
        assertThat(kinds(new Lives(NOW, in(30), in(3000)))).as("due just now").isEmpty();
        assertThat(kinds(new Lives(Instant.MAX, Instant.MAX, Instant.MAX))).isEmpty();
    }

    @Test
    void certificateThatCouldNotBeRenewed_isTold_asAnErrorWhenItEndsSoon() {
        List<Need> needs = CertificateNeeds.of(new Lives(in(-2), in(28), in(3000)), NOW);
        assertThat(needs).singleElement().satisfies(n -> {
            assertThat(n.kind()).isEqualTo("warning");
            assertThat(n.what()).startsWith("expires in 28 days and could not be renewed");
        });
        assertThat(kinds(new Lives(in(-25), in(5), in(3000)))).containsExactly("error");
        assertThat(kinds(new Lives(in(-40), in(-1), in(3000)))).containsExactly("error");
    }

    @Test
    void newAuthority_isToldTwoMonthsAhead() {
        assertThat(kinds(new Lives(in(60), in(90), in(61)))).isEmpty();
        assertThat(kinds(new Lives(in(60), in(90), in(59)))).containsExactly("warning");
    }

    @Test
    void whatRemains_isInDays() {
        assertThat(Remaining.words(in(9), NOW)).isEqualTo("expires in 9 days");
        assertThat(Remaining.words(in(1), NOW)).isEqualTo("expires in 1 day");
        assertThat(Remaining.words(NOW.plusSeconds(5), NOW)).isEqualTo("expires in less than a day");
        assertThat(Remaining.words(NOW, NOW)).isEqualTo("expired less than a day ago");
        assertThat(Remaining.words(in(-3), NOW)).isEqualTo("expired 3 days ago");
    }
}
