package dev.keyturn.core.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The public keys that checkpoints are checked with. Not thread-safe. */
public final class CheckpointKeys {
    static final String ALGORITHM = "Ed25519";

    private final Map<String, PublicKey> keys = new HashMap<>();

    /** The name of a key: SHA-256 over its DER form, so that no other key can bear it. */
    public static String id(byte[] publicKey) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(publicKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param publicKey X.509 SubjectPublicKeyInfo, DER
     * @throws IllegalArgumentException where it is no Ed25519 key
     */
    public CheckpointKeys add(byte[] publicKey) {
        try {
            keys.put(
                    id(publicKey), KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(publicKey)));
            return this;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not the public part of an Ed25519 key", e);
        }
    }

    public boolean has(String id) {
        return keys.containsKey(id);
    }

    /** Whether one of the keys has signed it: the one that it names. */
    boolean signed(Checkpoint checkpoint) {
        PublicKey key = keys.get(checkpoint.keyId());
        if (key == null) {
            return false;
        }
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(checkpoint.signed());
            return check.verify(checkpoint.signature());
        } catch (GeneralSecurityException e) {
            return false; // a signature that is none
        }
    }
}
