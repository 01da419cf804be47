package dev.keyturn.bench.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way between a node and its database, or a client and the nodes. */
class TcpLinkTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @Test
    void aPlaceThatTakesNoConnection_isPassedOver() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, LOOPBACK)) {
            nobody = closed.getLocalPort();
        }
        try (ServerSocket place = new ServerSocket(0, 10, LOOPBACK);
                TcpLink link = new TcpLink(LOOPBACK, 0, List.of(at(nobody), at(place.getLocalPort())));
                Socket client = new Socket(LOOPBACK, link.port());
                Socket server = place.accept()) {
            client.getOutputStream().write(7);
            assertThat(server.getInputStream().read()).isEqualTo(7);
            server.getOutputStream().write(8);
            assertThat(client.getInputStream().read()).isEqualTo(8);
        }
    }

    @Test
    void whatIsHeld_arrivesWhenItIsLetGo_andAConnectionThatIsCut_ends() throws IOException {
        try (ServerSocket place = new ServerSocket(0, 10, LOOPBACK);
                TcpLink link = new TcpLink(LOOPBACK, 0, List.of(at(place.getLocalPort())));
                Socket client = new Socket(LOOPBACK, link.port());
                Socket server = place.accept()) {
            link.hold();
            client.getOutputStream().write(7);
            client.getOutputStream().write(8);
            link.release();
            assertThat(server.getInputStream().readNBytes(2)).containsExactly(7, 8);
            link.cut();
            assertThat(server.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress(LOOPBACK, port);
    }
}
