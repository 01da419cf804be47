package dev.keyturn.core.oauth;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.oauth.ClientSignIns.Given;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Signs a person in to a client that opened a browser: the browser brings back a code, and the client shows that it is
 * the one that asked (RFC 6749, 4.1, with RFC 7636). Thread-safe; must not be called inside a transaction.
 */
public final class CodeSignIn {
    /** How long a code is good. */
    public static final Duration LIFETIME = Duration.ofMinutes(2);

    /** What a client may show (RFC 7636, 4.1). */
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final Transactions transactions;
    private final OAuthStore store;
    private final ClientSignIns signIns;
    private final Doors doors;
    private final ServerTime time;
    private final SecureRandom random;

    public CodeSignIn(
            Transactions transactions,
            OAuthStore store,
            ClientSignIns signIns,
            Doors doors,
            ServerTime time,
            SecureRandom random) {
        this.transactions = transactions;
        this.store = store;
        this.signIns = signIns;
        this.doors = doors;
        this.time = time;
        this.random = random;
    }

    /** What came with the browser, and comes back with the client's question. */
    public record Bound(String redirect, String challenge, Optional<String> nonce) {}

    /**
     * The person, who makes the call, signs in to the client; the code for its browser. Recorded.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Forbidden} {@link DeviceSignIn#SIGN_IN_AGAIN} where the person
     *     signed in too long ago, or was signed out since
     */
    public String allow(Call call, SignedIn signedIn, Asked asked, Bound bound) {
        PrincipalId person = signedIn.person().id();
        String code = RandomToken.make(random);
        return doors.act(
                call,
                signIns.letsIn(signedIn, asked.client()),
                permit -> permit.write(tx -> {
                    store.insert(
                            tx,
                            new AuthorizationCode(
                                    RandomToken.hash(code),
                                    person,
                                    asked,
                                    bound.redirect(),
                                    bound.challenge(),
                                    bound.nonce(),
                                    signedIn.session().shownAt(),
                                    time.latest().plus(LIFETIME),
                                    Optional.empty()));
                    return code;
                }));
    }

    /** What a client is given for its code. */
    public record Redeemed(Asked asked, Given given, Optional<String> nonce) {}

    /**
     * Signs the person in to the client, once.
     *
     * @param verifier of which the code's challenge is the SHA-256
     * @return empty where the code is not good any more, or not this client's, or does not belong to the rest
     * @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} where the code was used before: somebody else
     *     has it as well, so the sign-in that came of it ends. That is recorded
     */
    public Optional<Redeemed> redeem(
            UUID correlation, String code, PublicClient client, String redirect, String verifier, String address) {
        if (!VERIFIER.matcher(verifier).matches()) {
            return Optional.empty();
        }
        String id = RandomToken.hash(code);
        Instant now = time.latest();
        Outcome outcome = transactions.write(tx -> store.authorizationCode(tx, id)
                .filter(c -> now.isBefore(c.expiresAt())
                        && c.asked().client().equals(client)
                        && c.redirect().equals(redirect)
                        && c.challenge().equals(RandomToken.hash(verifier)))
                .map(c -> redeem(tx, c, address))
                .orElse(Outcome.NOTHING));
        outcome.usedBefore().ifPresent(person -> signIns.refused(correlation, person, client));
        return outcome.redeemed();
    }

    private record Outcome(Optional<Redeemed> redeemed, Optional<PrincipalId> usedBefore) {
        static final Outcome NOTHING = new Outcome(Optional.empty(), Optional.empty());
    }

    private Outcome redeem(Tx tx, AuthorizationCode code, String address) {
        Optional<String> earlier = code.signIn();
        if (earlier.isPresent()) {
            boolean ended = store.deleteSignIn(tx, earlier.get()).hit();
            return ended ? new Outcome(Optional.empty(), Optional.of(code.person())) : Outcome.NOTHING;
        }
        Optional<Given> given =
                signIns.begin(tx, code.person(), code.asked().client(), address, code.authenticatedAt());
        given.ifPresent(g -> store.spend(tx, code.id(), g.signIn()).require(code.id()));
        return new Outcome(given.map(g -> new Redeemed(code.asked(), g, code.nonce())), Optional.empty());
    }
}
