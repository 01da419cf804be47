package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.model.ErrorInfo;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a key version may be used so, now: {@code enabled=false} refuses everything; outside nbf/exp,
 * what protects new data (wrap, encrypt, sign) is refused, and what opens old data works.
 */
final class KeyUse {
    private KeyUse() {}

    /** Why not: Key Vault's inner code and a sentence that continues "Operation wrapKey"; empty where it may. */
    static Optional<ErrorInfo> problem(KeyVersion version, KeyOperation operation, Instant now) {
        KeyAttributes attributes = version.attributes();
        if (!attributes.enabled()) {
            return problem("KeyDisabled", "is not allowed on a disabled key");
        }
        if (!version.operations().contains(operation)) {
            return problem(
                    "KeyOperationForbidden",
                    "is not permitted on this key; its key_ops are "
                            + KeyOperation.text(version.operations()).replace(",", ", "));
        }
        boolean opens = operation == KeyOperation.UNWRAP_KEY
                || operation == KeyOperation.DECRYPT
                || operation == KeyOperation.VERIFY;
        if (opens) {
            return Optional.empty();
        }
        if (attributes.beforePeriod(now)) {
            return problem(
                    "KeyNotYetValid",
                    "is not allowed on a key before its nbf ("
                            + attributes.notBefore().orElseThrow() + ")");
        }
        return attributes.expired(now)
                ? problem(
                        "KeyExpired",
                        "is not allowed on an expired key (exp was "
                                + attributes.expires().orElseThrow() + ")")
                : Optional.empty();
    }

    private static Optional<ErrorInfo> problem(String code, String sentence) {
        return Optional.of(ErrorInfo.of(code, sentence));
    }
}
