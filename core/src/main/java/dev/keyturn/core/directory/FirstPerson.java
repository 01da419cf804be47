package dev.keyturn.core.directory;

import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.identity.Settings;
import dev.keyturn.core.people.PasswordHasher;
import dev.keyturn.core.people.Passwords;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonRows;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;

/**
 * The person who signs in first: made once, by a start that finds nobody, owner of the subscription. The server does it by
 * itself, and it is recorded so. What lets this person in is
 * told once, by that start; {@code keyturn admin reset-password} makes another link.
 */
public final class FirstPerson {
    private static final SignInName NAME = new SignInName("admin");
    private static final String BY = "first start";
    private static final String DONE = "first-person";

    private final Transactions transactions;
    private final PersonRows people;
    private final RoleAssignments assignments;
    private final PasswordHasher hasher;
    private final SecureRandom random;
    private final Settings settings;
    private final Doors doors;
    private final Scope subscription;

    public FirstPerson(
            Transactions transactions,
            PersonRows people,
            RoleAssignments assignments,
            PasswordHasher hasher,
            SecureRandom random,
            Settings settings,
            Doors doors,
            Scope subscription) {
        this.transactions = transactions;
        this.people = people;
        this.assignments = assignments;
        this.hasher = hasher;
        this.random = random;
        this.settings = settings;
        this.doors = doors;
        this.subscription = subscription;
    }

    /** How to sign in for the first time: with what the link carries, or with a password that has to be changed then. */
    public record Way(String name, String link, String password) {
        @Override
        public String toString() {
            return "Way[" + name + ", redacted]";
        }
    }

    /** Empty where that was done before, whoever there is now. */
    public Optional<Way> ensure() {
        if (transactions.read(this::done)) {
            return Optional.empty();
        }
        String password = Passwords.random(random);
        String hash = hasher.hash(password);
        Call call = Call.server(Call.SERVER, UUID.randomUUID());
        return doors.act(
                call,
                Action.PERSON_WRITE,
                subscription,
                permit -> permit.write(tx -> {
                    if (done(tx)) {
                        permit.nothing();
                        return Optional.empty();
                    }
                    settings.put(tx, DONE, NAME.text());
                    Person made = people.make(tx, NAME, "Administrator", BY);
                    people.lend(tx, made.id(), hash);
                    assignments.grant(
                            tx,
                            BY,
                            new RoleAssignments.Grant(
                                    UUID.randomUUID(),
                                    subscription,
                                    Roles.OWNER.id(),
                                    made.id(),
                                    Optional.of("The first person owns the subscription.")));
                    permit.on("/people/" + made.id());
                    return Optional.of(new Way(NAME.text(), people.link(tx, made.id()), password));
                }));
    }

    private boolean done(Tx tx) {
        return settings.find(tx, DONE).isPresent() || people.store().any(tx);
    }
}
