package dev.keyturn.keys.software;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.keyturn.core.keycrypto.Curve;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which JCA provider does what. AWS-LC unwraps with RSA four times as fast as the JDK (ADR 2), so it is used where its
 * native library loads; the JDK's AES is as fast as any, and its elliptic
 * curves give signatures in the form of JWS, which AWS-LC's do not; secp256k1 is in Bouncy Castle alone. None of them is
 * registered in the JVM: each is passed explicitly.
 */
record Providers(Provider rsaCipher, Provider rsaKeys, Provider ec, Provider k256) {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

    /** AWS-LC where it loads and passes its self-tests, else the JDK's own; says which in the log. */
    static Providers best() {
        Optional<Provider> awsLc = awsLc();
        if (awsLc.isEmpty()) {
            return jdk();
        }
        LOG.info("RSA keys: Amazon Corretto Crypto Provider {}", awsLc.get().getVersionStr());
        return new Providers(awsLc.get(), awsLc.get(), Security.getProvider("SunEC"), new BouncyCastleProvider());
    }

    /** Runs the native provider's class initialiser; what goes wrong there, {@link #best} says. */
    static void preload() {
        try {
            AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
        } catch (RuntimeException | LinkageError e) {
            LOG.debug("the native provider cannot be used", e);
        }
    }

    static Providers jdk() {
        LOG.info("RSA keys: the JDK's providers");
        return new Providers(
                Security.getProvider("SunJCE"),
                Security.getProvider("SunRsaSign"),
                Security.getProvider("SunEC"),
                new BouncyCastleProvider());
    }

    Provider of(Curve curve) {
        return curve == Curve.P256K ? k256 : ec;
    }

    private static Optional<Provider> awsLc() {
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            if (provider.getLoadingError() == null) {
                provider.assertHealthy();
                return Optional.of(provider);
            }
            LOG.warn(
                    "The Amazon Corretto Crypto Provider does not load, RSA is slower without it: {}",
                    provider.getLoadingError().toString());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("The Amazon Corretto Crypto Provider cannot be used, RSA is slower without it: {}", e.toString());
        }
        return Optional.empty();
    }
}
