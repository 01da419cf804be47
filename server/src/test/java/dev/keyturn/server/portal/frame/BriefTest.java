package dev.keyturn.server.portal.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BriefTest {
    @Test
    void guid_isShortenedInTheMiddle() {
        assertThat(Brief.of("b14dc936-e52d-4809-a95e-2b6f5f7d44ce")).isEqualTo("b14dc936…44ce");
        assertThat(Brief.cut("b14dc936-e52d-4809-a95e-2b6f5f7d44ce")).isTrue();
    }

    @Test
    void path_isItsLastTwoParts() {
        assertThat(Brief.of("/people/831566bf-2102-4d2c-b20f-601f6c01f3d1")).isEqualTo("people/831566bf…f3d1");
        assertThat(Brief.of("/subscriptions/s/providers/Microsoft.Compute/diskEncryptionSets/payroll"))
                .isEqualTo("diskEncryptionSets/payroll");
        assertThat(Brief.of("/")).isEqualTo("/");
        assertThat(Brief.of("/one")).isEqualTo("one");
    }

    @Test
    void guidAmongWords_isShortenedToo() {
        assertThat(Brief.of("signs in as b14dc936-e52d-4809-a95e-2b6f5f7d44ce")).isEqualTo("signs in as b14dc936…44ce");
        assertThat(Brief.of("xb14dc936-e52d-4809-a95e-2b6f5f7d44ce")).contains("e52d");
    }

    @Test
    void nameOfSomebody_staysAsItIs() {
        assertThat(Brief.of("noor")).isEqualTo("noor");
        assertThat(Brief.of("a/b")).isEqualTo("a/b");
        assertThat(Brief.cut("first start")).isFalse();
    }
}
