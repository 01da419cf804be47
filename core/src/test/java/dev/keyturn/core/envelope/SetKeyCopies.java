package dev.keyturn.core.envelope;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.SecretBytes;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/**
 * A program: puts artifacts under one set key, re-wraps them to another as a rotation does, and writes its heap to a
 * file. Run with a collector that never collects, the file holds every copy of a key that was ever made and not zeroed.
 * Arguments: the file, and how many artifacts.
 */
final class SetKeyCopies {
    private static final Optional<ArmId> SET =
            Optional.of(new ArmId("s", "g", "Microsoft.Compute/diskEncryptionSets", "des"));

    private SetKeyCopies() {}

    /** Keys that a test can make too: 0 and 1 are the set keys, those from 2 on the data keys. */
    static SecretBytes key(int number) {
        byte[] bytes = new byte[SetKeyCipher.KEY_BYTES];
        new Random(number).nextBytes(bytes); // a digest would keep the key as its last state
        return SecretBytes.adopt(bytes);
    }

    public static void main(String[] arguments) throws Exception {
        int artifacts = Integer.parseInt(arguments[1]);
        SecureRandom random = new SecureRandom();
        SetKeyId from = new SetKeyId(UUID.randomUUID());
        SetKeyId to = new SetKeyId(UUID.randomUUID());
        List<Envelope> envelopes = new ArrayList<>();
        try (SetKeyCipher source = new SetKeyCipher(from, key(0), random)) {
            for (int i = 0; i < artifacts; i++) {
                try (SecretBytes dataKey = key(2 + i)) {
                    envelopes.add(source.seal(new ArtifactId(i), SET, dataKey));
                }
            }
        }
        try (SetKeyCipher source = new SetKeyCipher(from, key(0), random);
                SetKeyCipher target = new SetKeyCipher(to, key(1), random)) {
            for (int i = 0; i < artifacts; i++) {
                ArtifactId id = new ArtifactId(i);
                try (SecretBytes dataKey = source.open(id, SET, envelopes.get(i))) {
                    Envelope fresh = target.seal(id, SET, dataKey);
                    try (SecretBytes again = target.open(id, SET, fresh)) {
                        if (!again.sameAs(dataKey)) {
                            throw new IllegalStateException("a new envelope does not open");
                        }
                    }
                }
            }
        }
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(arguments[0], false);
    }
}
