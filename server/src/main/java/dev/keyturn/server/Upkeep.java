package dev.keyturn.server;

import dev.keyturn.core.vm.KeyAccessMonitor;
import dev.keyturn.server.http.HttpServer;
import dev.keyturn.server.tls.ServerCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;

/** What a running server does from time to time without being asked; power has a {@link dev.keyturn.core.vm.PowerWatch}. */
final class Upkeep {
    /** Longest that a lost key goes unnoticed; a grace of zero cannot be kept more exactly than this. */
    private static final Duration KEY_ACCESS = Duration.ofSeconds(5);

    /** Longest stretch of time that the server forgets to have seen where the machine goes down with it. */
    private static final Duration TIME = Duration.ofMinutes(1);

    private static final Duration CERTIFICATES = Duration.ofMinutes(10);
    /** Key Vault's policies and retentions count in days. */
    private static final Duration KEY_UPKEEP = Duration.ofMinutes(5);

    private static final Duration HOUSEKEEPING = Duration.ofHours(1);

    private final Domain domain;
    private final Api api;
    private final ServerCertificates certificates;
    private final HttpServer http;
    private final ServerConfig config;

    Upkeep(Domain domain, Api api, ServerCertificates certificates, HttpServer http, ServerConfig config) {
        this.domain = domain;
        this.api = api;
        this.certificates = certificates;
        this.http = http;
        this.config = config;
    }

    void schedule(PeriodicTasks tasks) {
        Clock clock = config.clock();
        KeyAccessMonitor keys = new KeyAccessMonitor(domain.vmParts, config.keyLossGrace(), domain.time);
        tasks.every(KEY_ACCESS, "key access monitor", () -> keys.runOnce(clock.instant()));
        tasks.every(TIME, "time seen", domain.time::store);
        tasks.every(CERTIFICATES, "certificate renewal", this::renewCertificate);
        tasks.every(HOUSEKEEPING, "token key renewal", api.signingKeys()::renew);
        tasks.every(
                HOUSEKEEPING, "forgetting old operations", () -> domain.operations.forgetOld(domain.time.reached()));
        tasks.every(
                KEY_UPKEEP,
                "key rotation policies",
                () -> domain.keys.rotation().rotateDue(clock.instant()));
        tasks.every(
                KEY_UPKEEP, "purge of deleted keys", () -> domain.keys.deleted().purgeDue(domain.time.reached()));
        tasks.every(KEY_UPKEEP, "purge of deleted vaults", () -> domain.deletedVaults.purgeDue(domain.time.reached()));
    }

    private void renewCertificate() {
        try {
            certificates.renewed().ifPresent(http::replace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
