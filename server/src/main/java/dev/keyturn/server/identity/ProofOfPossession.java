package dev.keyturn.server.identity;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.Principals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Set;

/**
 * Microsoft Graph's proof that who rolls the certificates of a service principal holds the private key of one that is
 * there: a JWT signed with it, from the principal's object id to Graph, good for ten minutes at most. Thread-safe.
 */
public final class ProofOfPossession {
    /** Graph's application ids, the one of its documents until 2022 and the one since. */
    private static final Set<String> GRAPH =
            Set.of("00000002-0000-0000-c000-000000000000", "00000003-0000-0000-c000-000000000000");

    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Principals principals;
    private final Clock clock;

    public ProofOfPossession(Principals principals, Clock clock) {
        this.principals = principals;
        this.clock = clock;
    }

    /** What a proof must be, for a refusal. */
    public static String demand(Principal owner) {
        return "'proof' must be a JWT that is signed with the private key of a certificate which the principal has and"
                + " which has not expired, with 'aud' 00000003-0000-0000-c000-000000000000, 'iss' " + owner.id()
                + ", and 'nbf' and 'exp' at most " + LONGEST.toMinutes() + " minutes apart, about now.";
    }

    public boolean proves(Principal owner, String proof) {
        Instant now = clock.instant();
        return CertificateJwt.parse(proof)
                .filter(jwt ->
                        owner.id().toString().equalsIgnoreCase(jwt.claims().getIssuer()))
                .filter(jwt -> jwt.claims().getAudience().stream().anyMatch(GRAPH::contains))
                .filter(jwt -> current(jwt.claims(), now))
                .filter(jwt -> principals.certificates(owner.id()).stream().anyMatch(c -> jwt.signedBy(c, now)))
                .isPresent();
    }

    private static boolean current(JWTClaimsSet claims, Instant now) {
        Date begin = claims.getNotBeforeTime();
        Date end = claims.getExpirationTime();
        return begin != null
                && end != null
                && now.isBefore(end.toInstant())
                && !now.plus(SKEW).isBefore(begin.toInstant())
                && Duration.between(begin.toInstant(), end.toInstant()).compareTo(LONGEST) <= 0;
    }
}
