package dev.keyturn.keys.passkey;

import dev.keyturn.core.people.PasskeyAnswer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A browser with an authenticator that holds one passkey, made by hand from WebAuthn's sections 5.8.1 and 6.1: ES256,
 * attestation "none". What it says of itself can be set, so that it can lie.
 */
public final class SoftAuthenticator {
    private static final int PRESENT = 0x01;
    private static final int VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final KeyPair pair = pair();
    private final byte[] id = idOf(UUID.randomUUID());
    private String origin;
    private String relyingParty;
    private boolean verified = true;
    private boolean crossOrigin;
    private int count;

    public SoftAuthenticator(String origin, String relyingParty) {
        this.origin = origin;
        this.relyingParty = relyingParty;
    }

    public SoftAuthenticator at(String otherOrigin) {
        origin = otherOrigin;
        return this;
    }

    public SoftAuthenticator of(String otherRelyingParty) {
        relyingParty = otherRelyingParty;
        return this;
    }

    public SoftAuthenticator verifying(boolean verifies) {
        verified = verifies;
        return this;
    }

    public SoftAuthenticator inAFrame() {
        crossOrigin = true;
        return this;
    }

    /** The next signature says that it is one more. */
    public SoftAuthenticator counting(int signed) {
        count = signed;
        return this;
    }

    public String id() {
        return base64(id);
    }

    public PasskeyAnswer.Made make(String challenge) {
        byte[] data = data(
                ATTESTED,
                concat(
                        new byte[16],
                        ByteBuffer.allocate(2).putShort((short) id.length).array(),
                        id,
                        cose()));
        byte[] attestation = concat(
                new byte[] {(byte) 0xa3},
                text("fmt"),
                text("none"),
                text("attStmt"),
                new byte[] {(byte) 0xa0},
                text("authData"),
                bytes(data));
        return new PasskeyAnswer.Made(
                challenge, client("webauthn.create", challenge), attestation, List.of("internal"));
    }

    public PasskeyAnswer.Signed sign(String challenge, byte[] handle) {
        count = count == 0 ? 0 : count + 1;
        byte[] client = client("webauthn.get", challenge);
        byte[] data = data(0, new byte[0]);
        return new PasskeyAnswer.Signed(challenge, id(), client, data, signature(data, client), handle);
    }

    /** By which this server has its people known to authenticators. */
    public static byte[] idOf(UUID person) {
        return ByteBuffer.allocate(16)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .array();
    }

    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private byte[] client(String type, String challenge) {
        return ("{\"type\":\"" + type + "\",\"challenge\":\"" + challenge + "\",\"origin\":\"" + origin
                        + "\",\"crossOrigin\":" + crossOrigin + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] data(int flags, byte[] rest) {
        byte all = (byte) (PRESENT | (verified ? VERIFIED : 0) | flags);
        return concat(
                sha256(relyingParty.getBytes(StandardCharsets.UTF_8)),
                new byte[] {all},
                ByteBuffer.allocate(4).putInt(count).array(),
                rest);
    }

    private byte[] signature(byte[] data, byte[] client) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(data);
            signature.update(sha256(client));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key as a COSE_Key (RFC 9053, section 7.1.1). */
    private byte[] cose() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        return concat(
                new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21},
                bytes(coordinate(key.getW().getAffineX().toByteArray())),
                new byte[] {0x22},
                bytes(coordinate(key.getW().getAffineY().toByteArray())));
    }

    private static byte[] coordinate(byte[] number) {
        byte[] fixed = new byte[32];
        int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static byte[] text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return concat(new byte[] {(byte) (0x60 | utf8.length)}, utf8);
    }

    private static byte[] bytes(byte[] content) {
        return concat(new byte[] {0x58, (byte) content.length}, content);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
