package dev.keyturn.node;

import dev.keyturn.core.audit.CheckpointKeys;
import dev.keyturn.core.audit.CheckpointSigner;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.tx.Transactions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that checkpoints of the audit chain are signed with (Ed25519, RFC 8032). Made when it is first needed; its
 * private part is kept under the master key. Thread-safe; not to be called inside a transaction.
 */
final class CheckpointKey implements CheckpointSigner {
    private static final String ALGORITHM = "Ed25519";
    static final String PRIVATE = "audit-checkpoint-key";
    static final String PUBLIC = "audit-checkpoint-public-key";

    private final Transactions transactions;
    private final Settings settings;
    private final PlatformKey master;
    private final SealedCheckpoints lasts;
    private Optional<Parts> parts = Optional.empty();

    /** @param sealed PKCS #8 under the master key */
    private record Parts(String sealed, byte[] publicKey) {}

    CheckpointKey(Transactions transactions, Settings settings, PlatformKey master, SealedCheckpoints lasts) {
        this.transactions = transactions;
        this.settings = settings;
        this.master = master;
        this.lasts = lasts;
    }

    @Override
    public String keyId() {
        return CheckpointKeys.id(publicKey());
    }

    @Override
    public byte[] publicKey() {
        return parts().publicKey().clone();
    }

    @Override
    public byte[] sign(byte[] message) {
        return sign(parts(), message);
    }

    private byte[] sign(Parts with, byte[] message) {
        try (SecretBytes opened = master.open(Base64.getDecoder().decode(with.sealed()), PRIVATE)) {
            return opened.reveal(key -> {
                try {
                    Signature signature = Signature.getInstance(ALGORITHM);
                    signature.initSign(KeyFactory.getInstance(ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(key)));
                    signature.update(message);
                    return signature.sign();
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("a checkpoint cannot be signed", e);
                }
            });
        }
    }

    private synchronized Parts parts() {
        if (parts.isEmpty()) {
            Parts found = stored().orElseGet(this::made);
            requirePair(found);
            parts = Optional.of(found);
        }
        return parts.get();
    }

    private Optional<Parts> stored() {
        return transactions.read(tx -> settings.find(tx, PRIVATE)
                .map(kept -> new Parts(
                        kept,
                        Base64.getDecoder()
                                .decode(settings.find(tx, PUBLIC)
                                        .orElseThrow(() -> new IllegalStateException("the setting '" + PUBLIC
                                                + "' is missing, and '" + PRIVATE + "' is there"))))));
    }

    /** The public part is kept in the clear: what the private part signs must be what it verifies. */
    private void requirePair(Parts found) {
        byte[] message = PUBLIC.getBytes(StandardCharsets.UTF_8);
        try {
            Signature check = Signature.getInstance(ALGORITHM);
            check.initVerify(
                    KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(found.publicKey())));
            check.update(message);
            if (check.verify(sign(found, message))) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw mismatch(e);
        }
        throw mismatch(null);
    }

    private static IllegalStateException mismatch(@Nullable Throwable cause) {
        return new IllegalStateException(
                "the settings '" + PUBLIC + "' and '" + PRIVATE + "' are not of one key: one of them was altered",
                cause);
    }

    /** Of two that are made at once the one that is stored first counts. */
    private Parts made() {
        Parts fresh = fresh();
        transactions.run(tx -> {
            if (settings.find(tx, PRIVATE).isEmpty()) {
                settings.put(tx, PRIVATE, fresh.sealed());
                settings.put(tx, PUBLIC, Base64.getEncoder().encodeToString(fresh.publicKey()));
                lasts.begin(tx);
            }
        });
        return stored().orElseThrow();
    }

    private Parts fresh() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
            try (SecretBytes key = SecretBytes.adopt(pair.getPrivate().getEncoded())) {
                return new Parts(
                        Base64.getEncoder().encodeToString(master.seal(key, PRIVATE)),
                        pair.getPublic().getEncoded());
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key for checkpoints cannot be made", e);
        }
    }
}
