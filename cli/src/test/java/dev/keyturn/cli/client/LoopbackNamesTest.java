package dev.keyturn.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LoopbackNamesTest {
    @Test
    void namesBelowLocalhost_areTheLoopbackAddress() throws UnknownHostException {
        assertThat(InetAddress.getByName("My-Vault.vault.keyturn.LOCALHOST").isLoopbackAddress())
                .isTrue();
    }

    @Test
    void otherNames_areLeftToTheResolverOfTheMachine() throws UnknownHostException {
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
        assertThatThrownBy(() -> InetAddress.getByName("no-such-name.localhost.invalid"))
                .isInstanceOf(UnknownHostException.class);
    }
}
