package dev.keyturn.server.arm.compute;

import dev.keyturn.core.envelope.MacKey;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.http.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;

/**
 * Addresses of console logs that are good for a while without a token, as Azure's SAS addresses are: {@code se} is when
 * they end, {@code sig} an HMAC-SHA-256 over the VM's id and {@code se}. The HMAC's key is made once and kept under the
 * master key. Who has an address may read that VM's console until it ends, even if its maker loses every role.
 * Thread-safe.
 */
public final class ConsoleLinks {
    /** Where {@link #address} points to, with {@code {vm}} for {@link ConfidentialVm#vmId()}. */
    static final String PATTERN = "/serialConsoleLogs/{vm}/serialconsole.log";

    private static final String SETTING = "console-link-key";

    private final SecretKeySpec key;
    private final Clock clock;

    private ConsoleLinks(SecretKeySpec key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    /** With the key of this installation, which is made where there is none. */
    public static ConsoleLinks open(
            Transactions transactions, Settings settings, PlatformKey master, SecureRandom random, Clock clock) {
        return new ConsoleLinks(MacKey.open(transactions, settings, master, random, SETTING), clock);
    }

    /** {@code origin} is {@code https://HOST:PORT}, as the client reached this server. */
    String address(String origin, UUID vm, Duration life) {
        String end = clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS).toString();
        return origin + PATTERN.replace("{vm}", vm.toString()) + "?se=" + URLEncoder.encode(end, StandardCharsets.UTF_8)
                + "&sig=" + signature(vm.toString(), end);
    }

    /**
     * The VM whose console this request may read.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} where the address was not made here, was
     *     changed, or has ended
     */
    UUID check(Request request) {
        String vm = request.variable("vm");
        String end = request.query("se").orElse("");
        byte[] given = request.query("sig").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(given, signature(vm, end).getBytes(StandardCharsets.UTF_8))) {
            throw refused("This address was not made by this server, or was changed since. Ask for another with"
                    + " retrieveBootDiagnosticsData.");
        }
        try {
            if (clock.instant().isBefore(Instant.parse(end))) {
                return UUID.fromString(vm);
            }
        } catch (DateTimeParseException e) {
            throw new IllegalStateException("an address was signed that has no end", e);
        }
        throw refused("This address ended at " + end + ". Ask for another with retrieveBootDiagnosticsData.");
    }

    private String signature(String vm, String end) {
        byte[] tag = MacKey.tag(key, (vm + "\n" + end).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }

    private static RuntimeException refused(String message) {
        return new DomainError.Forbidden(ErrorInfo.of("AuthenticationFailed", message)).asException();
    }
}
