package dev.keyturn.core.key;

import dev.keyturn.core.model.SecretBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What is opened is given out only once that is recorded; where it cannot be, it is zeroed. */
final class Recorded {
    private Recorded() {}

    /** {@code use} passes each secret that it opens through the function that it is given. */
    static <T> T secret(Function<UnaryOperator<SecretBytes>, T> use) {
        List<SecretBytes> opened = new ArrayList<>(1);
        try {
            return use.apply(secret -> {
                opened.add(secret);
                return secret;
            });
        } catch (RuntimeException | Error e) {
            opened.forEach(SecretBytes::close);
            throw e;
        }
    }
}
