package dev.keyturn.server;

import dev.keyturn.node.PeriodicTasks;
import dev.keyturn.server.http.HttpServer;
import dev.keyturn.server.identity.SigningKeys;
import dev.keyturn.server.tls.ServerCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;

/** What only a server with an address renews from time to time: its certificate, and the keys of its tokens. */
record Renewals(ServerCertificates certificates, SigningKeys signingKeys, HttpServer http) {
    private static final Duration CERTIFICATES = Duration.ofMinutes(10);
    private static final Duration SIGNING_KEYS_OF_OTHERS = Duration.ofSeconds(5);
    private static final Duration SIGNING_KEYS = Duration.ofHours(1);

    void schedule(PeriodicTasks tasks) {
        tasks.every(CERTIFICATES, "certificate renewal", this::renewCertificate);
        tasks.every(SIGNING_KEYS, "token key renewal", signingKeys::renew);
        tasks.every(SIGNING_KEYS_OF_OTHERS, "token keys of other nodes", signingKeys::refresh);
    }

    private void renewCertificate() {
        try {
            certificates.renewed().ifPresent(http::replace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
