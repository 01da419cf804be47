package dev.keyturn.core.key;

import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeyRefusals;
import dev.keyturn.core.keycrypto.KeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The backends of this server: the one that new keys are made in, and those that older keys may still live in. */
public final class KeyBackends {
    private final Optional<KeyBackend> current;
    private final Map<String, KeyBackend> byName;

    /** The first one makes new keys; without any, none can be made. */
    public KeyBackends(List<KeyBackend> backends) {
        this.current = backends.stream().findFirst();
        this.byName = backends.stream().collect(Collectors.toUnmodifiableMap(KeyBackend::name, Function.identity()));
    }

    KeyBackend forNewKeys(KeySpec spec) {
        KeyBackend backend = current.orElseThrow(
                () -> KeyRefusals.badParameter("kty", "This server has no key backend that could make a key."));
        if (!backend.supports(spec)) {
            throw KeyRefusals.badParameter(
                    "kty",
                    "The key backend '" + backend.name() + "' of this server does not make keys of kind " + spec.text()
                            + ".");
        }
        return backend;
    }

    /** @throws IllegalStateException where the server was started without the backend that has the key */
    KeyBackend of(KeyVersion version) {
        return named(version.backend());
    }

    KeyBackend named(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new IllegalStateException("no key backend '" + name + "' is configured"));
    }
}
