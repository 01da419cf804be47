package dev.keyturn.core.envelope;

import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Transactions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keys of HMAC-SHA256 for what the installation says and wants to know again: each made once, and kept among its settings
 * under the master key.
 */
public final class MacKey {
    /** As {@link Mac} calls it. */
    public static final String ALGORITHM = "HmacSHA256";

    private static final int BYTES = 32;

    private MacKey() {}

    /** HMAC-SHA256 under the key over the parts, one behind the other. */
    public static byte[] tag(Key key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an HMAC cannot be made", e);
        }
    }

    /** The key of this name, which is made where there is none. */
    public static SecretKeySpec open(
            Transactions transactions, Settings settings, PlatformKey master, SecureRandom random, String name) {
        byte[] fresh = new byte[BYTES];
        random.nextBytes(fresh);
        String stored;
        try (SecretBytes made = SecretBytes.adopt(fresh)) {
            String sealed = Base64.getEncoder().encodeToString(master.seal(made, name));
            stored = transactions.write(tx -> {
                Optional<String> present = settings.find(tx, name);
                if (present.isEmpty()) {
                    settings.put(tx, name, sealed);
                }
                return present.orElse(sealed);
            });
        }
        try (SecretBytes opened = master.open(Base64.getDecoder().decode(stored), name)) {
            return opened.reveal(k -> new SecretKeySpec(k, ALGORITHM));
        }
    }
}
