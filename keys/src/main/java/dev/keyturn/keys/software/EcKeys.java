package dev.keyturn.keys.software;

import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyMaterial;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.keycrypto.SignAlgorithm;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.PKCS8EncodedKeySpec;

/** Elliptic-curve keys by the curve's JCA provider. Thread-safe. */
final class EcKeys {
    private final Providers providers;
    private final SecureRandom random;

    EcKeys(Providers providers, SecureRandom random) {
        this.providers = providers;
        this.random = random;
    }

    KeyPair generate(Curve curve) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", providers.of(curve));
        generator.initialize(new ECGenParameterSpec(curve.standardName()), random);
        return generator.generateKeyPair();
    }

    /** Checks the point and that the private number belongs to it. */
    PrivateKey take(KeyMaterial.Ec material) throws GeneralSecurityException, CryptoRefusedException {
        ECParameterSpec parameters = parameters(material.curve());
        BigInteger d = material.d().reveal(Numbers::unsigned);
        BigInteger x = Numbers.unsigned(material.x());
        BigInteger y = Numbers.unsigned(material.y());
        if (d.signum() == 0 || d.compareTo(parameters.getOrder()) >= 0 || !onCurve(parameters, x, y)) {
            throw mismatch(material.curve());
        }
        PrivateKey key = factory(material.curve()).generatePrivate(new ECPrivateKeySpec(d, parameters));
        PublicPart.Ec part = new PublicPart.Ec(
                material.curve(),
                Numbers.fixed(x, material.curve().bytes()),
                Numbers.fixed(y, material.curve().bytes()));
        SignAlgorithm algorithm = algorithm(material.curve());
        byte[] digest = new byte[algorithm.digestBytes()];
        random.nextBytes(digest);
        if (!verify(parse(part), algorithm, digest, sign(key, algorithm, digest))) {
            throw mismatch(material.curve());
        }
        return key;
    }

    private static CryptoRefusedException mismatch(Curve curve) {
        return new CryptoRefusedException(
                "The numbers are no key on " + curve.wire() + ": (x, y) must be the point that d stands for.");
    }

    PrivateKey parse(Curve curve, byte[] pkcs8) throws GeneralSecurityException {
        return factory(curve).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    PublicKey parse(PublicPart.Ec part) throws GeneralSecurityException {
        ECPoint point = new ECPoint(Numbers.unsigned(part.x()), Numbers.unsigned(part.y()));
        return factory(part.curve()).generatePublic(new ECPublicKeySpec(point, parameters(part.curve())));
    }

    static PublicPart.Ec publicPart(Curve curve, PublicKey key) {
        ECPoint point = ((ECPublicKey) key).getW();
        return new PublicPart.Ec(
                curve,
                Numbers.fixed(point.getAffineX(), curve.bytes()),
                Numbers.fixed(point.getAffineY(), curve.bytes()));
    }

    byte[] sign(PrivateKey key, SignAlgorithm algorithm, byte[] digest) throws GeneralSecurityException {
        Signature signature = signature(algorithm);
        signature.initSign(key, random);
        signature.update(digest);
        return signature.sign();
    }

    boolean verify(PublicKey key, SignAlgorithm algorithm, byte[] digest, byte[] signed)
            throws GeneralSecurityException {
        if (signed.length != 2 * curve(algorithm).bytes()) {
            return false;
        }
        Signature signature = signature(algorithm);
        signature.initVerify(key);
        signature.update(digest);
        try {
            return signature.verify(signed);
        } catch (java.security.SignatureException e) {
            // Providers differ in how they turn down r or s outside of the order.
            return false;
        }
    }

    private Signature signature(SignAlgorithm algorithm) throws GeneralSecurityException {
        return Signature.getInstance("NONEwithECDSAinP1363Format", providers.of(curve(algorithm)));
    }

    private KeyFactory factory(Curve curve) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC", providers.of(curve));
    }

    private ECParameterSpec parameters(Curve curve) throws GeneralSecurityException {
        AlgorithmParameters parameters = curve == Curve.P256K
                ? AlgorithmParameters.getInstance("EC", providers.k256())
                : AlgorithmParameters.getInstance("EC", "SunEC");
        parameters.init(new ECGenParameterSpec(curve.standardName()));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static boolean onCurve(ECParameterSpec parameters, BigInteger x, BigInteger y) {
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
            return false;
        }
        BigInteger right = x.pow(3)
                .add(parameters.getCurve().getA().multiply(x))
                .add(parameters.getCurve().getB())
                .mod(p);
        return y.multiply(y).mod(p).equals(right);
    }

    private static Curve curve(SignAlgorithm algorithm) {
        return switch (algorithm) {
            case ES256 -> Curve.P256;
            case ES384 -> Curve.P384;
            case ES512 -> Curve.P521;
            case ES256K -> Curve.P256K;
            case PS256, PS384, PS512, RS256, RS384, RS512 ->
                throw new IllegalArgumentException(algorithm + " is no algorithm of elliptic curves");
        };
    }

    private static SignAlgorithm algorithm(Curve curve) {
        return switch (curve) {
            case P256 -> SignAlgorithm.ES256;
            case P384 -> SignAlgorithm.ES384;
            case P521 -> SignAlgorithm.ES512;
            case P256K -> SignAlgorithm.ES256K;
        };
    }
}
