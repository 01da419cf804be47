package dev.keyturn.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LoopbackNamesTest {
    @Test
    void namesBelowLocalhost_areTheLoopbackAddress() throws UnknownHostException {
        assertThat(InetAddress.getAllByName("My-Vault.vault.keyturn.LOCALHOST"))
                .isNotEmpty()
                .allMatch(InetAddress::isLoopbackAddress);
    }

    @Test
    void otherNames_areLeftToTheResolverOfTheMachine() throws UnknownHostException {
        assertThat(InetAddress.getAllByName("localhost")).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        assertThatThrownBy(() -> InetAddress.getAllByName("no-such-name.localhost.invalid"))
                .isInstanceOf(UnknownHostException.class);
    }
}
