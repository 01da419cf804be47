package dev.keyturn.core.rotation;

import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.identity.PrincipalId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The set keys that a rotation comes from, each unwrapped once, however many artifacts are under it. */
final class SourceKeys implements AutoCloseable {
    private final Map<SetKeyId, SetKeyCipher> open = new HashMap<>();

    SourceKeys(SetKeys setKeys, List<SetKey.Customer> sources, PrincipalId as) {
        try {
            for (SetKey.Customer source : sources) {
                open.put(source.id(), setKeys.open(source, as));
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    SetKeyCipher of(SetKeyId id) {
        SetKeyCipher cipher = open.get(id);
        if (cipher == null) {
            throw new IllegalStateException("an artifact is under set key " + id + ", which its set does not have");
        }
        return cipher;
    }

    @Override
    public void close() {
        open.values().forEach(SetKeyCipher::close);
    }
}
