package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    @Test
    void sameParts_haveTheSameOne_onEveryMachine() {
        assertThat(Fingerprint.of(List.of("a", "b")))
                .isEqualTo(Fingerprint.of(List.of("a", "b")))
                .hasSize(22);
        // the first 16 bytes of the SHA-256 of nothing
        assertThat(Fingerprint.of(List.of())).isEqualTo("47DEQpj8HBSa-_TImW-5JA");
    }

    @Test
    void partsThatRunTogetherAlike_differ() {
        assertThat(Fingerprint.of(List.of("ab", "c"))).isNotEqualTo(Fingerprint.of(List.of("a", "bc")));
        assertThat(Fingerprint.of(List.of("abc"))).isNotEqualTo(Fingerprint.of(List.of("abc", "")));
    }

    @Test
    void partsWithTheSameHashCode_differ() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(Fingerprint.of(List.of("Aa"))).isNotEqualTo(Fingerprint.of(List.of("BB")));
    }
}
