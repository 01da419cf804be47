package dev.keyturn.core.people;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;

/**
 * Makes people and what they first sign in with, inside a transaction of the caller's, who has asked whether it may be
 * done. Thread-safe.
 */
public record PersonRows(PersonStore store, PasskeyStore passkeys, ServerTime time, Clock clock, SecureRandom random) {
    /** @throws dev.keyturn.core.model.DomainException {@code Conflict} where the name is taken */
    public Person make(Tx tx, SignInName name, String displayName, String by) {
        Person made = new Person(new PrincipalId(UUID.randomUUID()), name, displayName, false, clock.instant(), by);
        if (store.insert(tx, made).missed()) {
            throw new DomainError.Conflict(ErrorInfo.at(
                            "name", "PersonExists", "There is a person '" + name + "' already. Choose another name."))
                    .asException();
        }
        return made;
    }

    /** A link for one use, in place of an earlier one; what it carries. */
    public String link(Tx tx, PrincipalId person) {
        String token = RandomToken.make(random);
        store.put(tx, new Link(RandomToken.hash(token), person, time.latest().plus(Link.LIFETIME)));
        return token;
    }

    /** A password that must be changed at the first sign-in; {@code hash} is its hash. */
    public void lend(Tx tx, PrincipalId person, String hash) {
        store.setPassword(tx, person, hash, true).require(person);
    }

    /** Nothing of the past lets the person in any more, or is asked for: no password, passkey, link or session. */
    public void disarm(Tx tx, PrincipalId person) {
        store.signOut(tx, person);
        store.forgetPassword(tx, person);
        passkeys.deleteAll(tx, person);
    }
}
