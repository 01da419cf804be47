package dev.keyturn.server.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LimitsTest {
    private final List<String> wrong = new ArrayList<>();

    @Test
    void defaults_areWithinTheirBounds_inASmallAndInALargeHeap() {
        assertThat(Limits.defaults(32L << 20).problems()).isEmpty();
        assertThat(Limits.defaults(1L << 45).problems()).isEmpty();
        assertThat(Limits.defaults(256L << 20).of(Limit.BODY_MEMORY)).isEqualTo(8 << 20);
    }

    @Test
    void settings_changeWhatTheyName() {
        Limits set = Limits.defaults(256L << 20).with(List.of("connections=12", " head-seconds = 3"), wrong);
        assertThat(wrong).isEmpty();
        assertThat(set.of(Limit.CONNECTIONS)).isEqualTo(12);
        assertThat(set.of(Limit.HEAD_SECONDS)).isEqualTo(3);
        assertThat(set.of(Limit.IDLE_SECONDS)).isEqualTo(60);
    }

    @Test
    void everythingThatIsWrong_isTold() {
        Limits set = Limits.defaults(256L << 20)
                .with(List.of("conections=12", "connections", "requests=many", "ready-seconds=0"), wrong);
        assertThat(wrong).hasSize(3);
        assertThat(wrong.getFirst()).contains("conections=12", "connections-per-address");
        assertThat(wrong.get(1)).contains("must be a whole number");
        assertThat(set.problems()).singleElement().asString().contains("ready-seconds", "between 1 and 3600", "not 0");
    }

    @Test
    void page_namesEveryLimit() throws Exception {
        String page = Files.readString(Path.of("../docs/limits.md"));
        for (Limit limit : Limit.values()) {
            assertThat(page).contains("| `" + limit.text() + "` |");
        }
    }
}
