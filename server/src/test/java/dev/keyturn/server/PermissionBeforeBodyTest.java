package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A body that its sender takes all the time in the world for, against a real server. */
class PermissionBeforeBodyTest {
    @Test
    void callerWithoutAPermissionAtTheVault_isRefused_whileItsBodyIsOnItsWay(@TempDir Path dir) throws Exception {
        ServerConfig config = ServerConfig.in(dir.resolve("data")).withPort(0).withDrain(Duration.ofSeconds(2));
        try (RunningServer server = RunningServer.start(config)) {
            String group = server.subscription() + "/resourceGroups/g";
            server.arm("PUT", group + "?api-version=2022-09-01", "{\"location\":\"westeurope\"}");
            var made = server.arm(
                    "PUT",
                    group + "/providers/Microsoft.KeyVault/vaults/slow-body?api-version=2023-07-01",
                    """
                    {"location":"westeurope","properties":{"tenantId":"%s","sku":{"family":"A","name":"premium"},
                     "enableRbacAuthorization":true}}""".formatted(server.env("KEYTURN_TENANT_ID")));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String suffix = server.env("KEYTURN_VAULT_SUFFIX").replaceFirst("^\\.", "");
            // Owner of the subscription: that gives nothing in a vault
            String head = "POST /keys/k/create?api-version=7.5 HTTP/1.1\r\nHost: slow-body." + suffix
                    + "\r\nContent-Type: application/json\r\nAuthorization: Bearer "
                    + server.token("https://" + suffix) + "\r\nContent-Length: 900000\r\n\r\n{";

            assertThat(statusLine(server, head)).startsWith("HTTP/1.1 403");
        }
    }

    private static String statusLine(RunningServer server, String request) throws Exception {
        SSLContext trust =
                RunningServer.client(Path.of(server.env("KEYTURN_CA_FILE"))).sslContext();
        try (Socket below = new Socket(InetAddress.getLoopbackAddress(), server.server.port());
                SSLSocket socket = (SSLSocket)
                        trust.getSocketFactory().createSocket(below, "localhost", server.server.port(), true)) {
            below.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }
}
