package dev.keyturn.server.arm;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import java.util.function.Supplier;

/**
 * A PATCH reads, merges and writes on condition that nothing changed in between; where something did, it does so
 * again. A client's own {@code If-Match} is checked at each try, so a stale one is refused all the same.
 */
public final class Patching {
    private static final int TRIES = 5;

    private Patching() {}

    public static <T> T untilUnchanged(Supplier<T> attempt) {
        for (int i = 1; ; i++) {
            try {
                return attempt.get();
            } catch (DomainException e) {
                if (i == TRIES || !(e.error() instanceof DomainError.PreconditionFailed)) {
                    throw e;
                }
            }
        }
    }
}
