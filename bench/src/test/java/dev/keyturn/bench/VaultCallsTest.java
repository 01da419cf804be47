package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VaultCallsTest {
    @Test
    void rotation_ofAnySize_asksTheVaultTheSameNumberOfTimes() throws Exception {
        CountingVault.Calls one = VaultCallsBench.of(1);
        assertThat(one.wraps()).isEqualTo(1);
        assertThat(VaultCallsBench.of(20)).isEqualTo(one);
        assertThat(VaultCallsBench.of(300)).isEqualTo(one);
    }
}
