package dev.keyturn.core.people;

import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import java.util.Optional;

/** Holds passwords against their hashes. Thread-safe; not inside a transaction. */
final class PasswordCheck {
    static final String WRONG = "The name or the password is not right.";

    private final Transactions transactions;
    private final PersonStore people;
    private final PasswordHasher hasher;
    private final ServerTime time;
    private final String nobodysHash;

    PasswordCheck(
            Transactions transactions, PersonStore people, PasswordHasher hasher, ServerTime time, String nobodys) {
        this.transactions = transactions;
        this.people = people;
        this.hasher = hasher;
        this.time = time;
        this.nobodysHash = hasher.hash(nobodys);
    }

    /** What a name and a password show; {@code hash} is what the password was held against. */
    record Known(Person person, Optional<String> hash, boolean right) {}

    /** @throws dev.keyturn.core.model.DomainException {@code Unauthenticated} for an unknown name, after as long a time */
    Known known(String name, String password) {
        Optional<Person> person = SignInName.parse(name).flatMap(n -> transactions.read(tx -> people.find(tx, n)));
        Optional<String> hash = person.flatMap(p -> transactions.read(tx -> people.password(tx, p.id())));
        // An unknown name costs what a wrong password costs, so that the time tells no one who there is.
        boolean right = matches(hash.orElse(nobodysHash), password)
                && hash.isPresent()
                && person.filter(this::lentTooLong).isEmpty();
        return new Known(person.orElseThrow(() -> SignIn.refused(WRONG)), hash, right);
    }

    /** No one waits for the hash of a megabyte. */
    boolean matches(String hash, String password) {
        return hasher.matches(hash, password.length() > Passwords.LONGEST ? "" : password);
    }

    /** A password that somebody else made is good as long as a link would be. */
    private boolean lentTooLong(Person person) {
        return person.mustChange() && !time.latest().isBefore(person.createdAt().plus(Link.LIFETIME));
    }
}
