package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.keycrypto.KeyBackend;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two nodes do from time to time for the same keys at the same moment. */
class SeveralNodesKeysTest {
    @TempDir
    private Path directory = Path.of("");

    /** What another node does while this one's backend makes a key. */
    private Runnable meanwhile = () -> {};

    private KeyVaultRig rig;

    @BeforeEach
    void open() {
        rig = new KeyVaultRig(directory, real -> KeyBackends.of(hooked(real)), a -> a);
        rig.makeVault(false);
        assertThat(rig.vault("POST", "/keys/k/create", "{\"kty\":\"EC\"}").status())
                .isEqualTo(200);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private KeyBackend hooked(KeyBackend real) {
        return (KeyBackend) Proxy.newProxyInstance(
                KeyBackend.class.getClassLoader(), new Class<?>[] {KeyBackend.class}, (_, method, arguments) -> {
                    if (method.getName().equals("generate")) {
                        Runnable once = meanwhile;
                        meanwhile = () -> {};
                        once.run();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void versionThatAPolicyWants_isMadeByOneNode_andTheOtherFailsNothing() {
        assertThat(rig.vault("PUT", "/keys/k/rotationpolicy", """
                        {"lifetimeActions": [{"action": {"type": "Rotate"}, "trigger": {"timeAfterCreate": "P30D"}}]}""").status()).isEqualTo(200);
        rig.clock.advance(Duration.ofDays(30).plusNanos(1)); // of which the database keeps the milliseconds
        long before = rig.recorded();
        List<Integer> made = new ArrayList<>();
        meanwhile = () -> made.add(rig.services.rotation().rotateDue(rig.clock.instant()));

        made.add(rig.services.rotation().rotateDue(rig.clock.instant()));

        assertThat(made).containsExactly(0, 1);
        assertThat(rig.recordedBehind(before)).extracting(AuditRecord::outcome).containsExactly(Outcome.ALLOWED);
    }

    @Test
    void keyThatAnotherNodePurged_isNothingToDo_andNoFailureIsRecorded() {
        assertThat(rig.vault("DELETE", "/keys/k", "").status()).isEqualTo(200);
        rig.clock.advance(Duration.ofDays(91));
        long before = rig.recorded();

        rig.unseen = 1; // it is gone when this one's turn comes
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isZero();

        assertThat(rig.unseen).isZero();
        assertThat(rig.recordedBehind(before)).isEmpty();
        assertThat(rig.services.deleted().purgeDue(rig.clock.instant())).isEqualTo(1);
    }
}
