package dev.keyturn.server.data;

import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.people.PasswordHasher;
import dev.keyturn.core.people.Passwords;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonRows;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.core.tx.Transactions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/**
 * The person who signs in first: made by a start that finds nobody, owner of the subscription. What lets this person in is
 * told once, by that start; {@code keyturn admin reset-password} makes another link.
 */
public final class FirstPerson {
    private static final SignInName NAME = new SignInName("admin");
    private static final String BY = "first start";

    private final Transactions transactions;
    private final PersonRows people;
    private final RoleAssignments assignments;
    private final PasswordHasher hasher;
    private final SecureRandom random;

    public FirstPerson(
            Transactions transactions,
            PersonRows people,
            RoleAssignments assignments,
            PasswordHasher hasher,
            SecureRandom random) {
        this.transactions = transactions;
        this.people = people;
        this.assignments = assignments;
        this.hasher = hasher;
        this.random = random;
    }

    /** How to sign in for the first time: with what the link carries, or with a password that has to be changed then. */
    public record Way(String name, String link, String password) {
        @Override
        public String toString() {
            return "Way[" + name + ", redacted]";
        }
    }

    /** Empty where there is somebody already. */
    public Optional<Way> ensure(Subscription subscription) {
        if (transactions.read(people.store()::any)) {
            return Optional.empty();
        }
        String password = Passwords.random(random);
        String hash = hasher.hash(password);
        return transactions.write(tx -> {
            if (people.store().any(tx)) {
                return Optional.empty();
            }
            Person made = people.make(tx, NAME, "Administrator", BY);
            people.lend(tx, made.id(), hash);
            assignments.grant(
                    tx,
                    BY,
                    new RoleAssignments.Grant(
                            UUID.randomUUID(),
                            Scope.subscription(subscription.id()),
                            Roles.OWNER.id(),
                            made.id(),
                            Optional.of("The first person owns the subscription.")));
            return Optional.of(new Way(NAME.text(), people.link(tx, made.id()), password));
        });
    }
}
