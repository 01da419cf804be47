package dev.keyturn.node;

import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Opens what it sealed, for the same context, and nothing else: what it sealed is written down here. */
final class PaperKey implements PlatformKey {
    private final Map<String, byte[]> written = new HashMap<>();

    @Override
    public byte[] seal(SecretBytes plaintext, String context) {
        String name = "sealed " + written.size();
        written.put(name + context, plaintext.reveal(byte[]::clone));
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public SecretBytes open(byte[] sealed, String context) {
        byte[] plain = written.get(new String(sealed, StandardCharsets.UTF_8) + context);
        if (plain == null) {
            throw new IllegalStateException("not sealed here");
        }
        return SecretBytes.copyOf(plain);
    }
}
