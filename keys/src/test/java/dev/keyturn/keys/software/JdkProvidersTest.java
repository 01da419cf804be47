package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.keys.KeyBackendContract;
import dev.keyturn.keys.MasterKey;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;

/** The contract where the native provider does not load. */
class JdkProvidersTest extends KeyBackendContract {
    private final SecureRandom random = new SecureRandom();
    private final SoftwareKeyBackend backend =
            new SoftwareKeyBackend(MasterKey.of(random.generateSeed(32), random), random, Providers.jdk(), 2);

    @Override
    protected KeyBackend backend() {
        return backend;
    }

    @AfterEach
    void close() {
        backend.close();
    }
}
