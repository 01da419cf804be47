package dev.keyturn.core.operation;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Operations as far as somebody may see them: those that they began, and those on what they may read. Any other is not
 * there for them, and that they asked is not recorded. Thread-safe.
 */
public final class OperationsInSight {
    private static final String GROUPS = "Microsoft.Resources/subscriptions/resourceGroups";
    /** How many operations one question looks through. */
    public static final int MOST = 2_000;

    private static final int CHUNK = 200;

    private final Transactions transactions;
    private final OperationStore store;
    private final Access access;
    private final RoleAssignmentStore assignments;
    private final PersonStore people;

    public OperationsInSight(
            Transactions transactions,
            OperationStore store,
            Access access,
            RoleAssignmentStore assignments,
            PersonStore people) {
        this.transactions = transactions;
        this.store = store;
        this.access = access;
        this.assignments = assignments;
        this.people = people;
    }

    public Optional<Operation> find(Call call, OperationId id) {
        return transactions.read(tx -> store.find(tx, id).filter(new Sight(tx, call)::has));
    }

    /** Those that have not ended, newest first, of the newest {@value #MOST} of all. */
    public List<Operation> running(Call call, int limit) {
        return transactions.read(tx -> {
            Sight sight = new Sight(tx, call);
            return store.running(tx, MOST).stream()
                    .filter(sight::has)
                    .limit(limit)
                    .toList();
        });
    }

    /**
     * Since when there is the person who has such a name, for those names that a person has now. An operation is kept with
     * the name alone of who asked for it, and a name passes on once its person is deleted.
     */
    public Map<String, Instant> namedSince(Collection<String> names) {
        return transactions.read(tx -> {
            Map<String, Instant> since = new HashMap<>();
            for (String name : Set.copyOf(names)) {
                SignInName.parse(name)
                        .flatMap(n -> people.find(tx, n))
                        .ifPresent(person -> since.put(name, person.createdAt()));
            }
            return since;
        });
    }

    /** A place in the list of those that have ended. */
    public record Place(Instant endedAt, OperationId id) {
        static Place of(Operation operation) {
            return new Place(operation.endedAt().orElseThrow(), operation.id());
        }
    }

    /** Some of those that have ended, and from where on there may be more. */
    public record Ended(List<Operation> operations, Optional<Place> further) {
        public Ended {
            operations = List.copyOf(operations);
        }
    }

    /** Those that have ended, the last one first, from behind the place on. Looks through {@value #MOST} at most. */
    public Ended ended(Call call, Optional<Place> behind, int limit) {
        return transactions.read(tx -> {
            Sight sight = new Sight(tx, call);
            List<Operation> found = new ArrayList<>();
            Optional<Place> from = behind;
            for (int looked = 0; looked < MOST; looked += CHUNK) {
                List<Operation> chunk = store.ended(tx, from, CHUNK);
                for (Operation each : chunk) {
                    if (sight.has(each)) {
                        if (found.size() == limit) {
                            return new Ended(found, found.isEmpty() ? from : Optional.of(Place.of(found.getLast())));
                        }
                        found.add(each);
                    }
                }
                if (chunk.size() < CHUNK) {
                    return new Ended(found, Optional.empty());
                }
                from = Optional.of(Place.of(chunk.getLast()));
            }
            return new Ended(found, from);
        });
    }

    /** What one caller may read, in one transaction; a right at the subscription or a group answers for all in it. */
    private final class Sight {
        private final Tx tx;
        private final Call call;
        /** From when on the caller has its name: another person may have had it before. */
        private final Instant named;

        private final Map<String, Boolean> answers = new HashMap<>();
        /** The scopes below a subscription that the caller holds anything at: at any other there is nothing to ask. */
        private final Map<String, Set<String>> holds = new HashMap<>();

        Sight(Tx tx, Call call) {
            this.tx = tx;
            this.call = call;
            this.named = people.find(tx, call.caller().principal())
                    .map(Person::createdAt)
                    .orElse(Instant.MIN);
        }

        boolean has(Operation operation) {
            if (operation.requestedBy().equals(call.caller().name())
                    && !operation.startedAt().isBefore(named)) {
                return true;
            }
            ArmId target = operation.target();
            String action = Action.of((target.isGroup() ? GROUPS : target.type()) + "/read")
                    .azure();
            return may(action, Scope.subscription(target.subscription()))
                    || (holds(target) && (may(action, Scope.of(target.group())) || may(action, Scope.of(target))));
        }

        private boolean holds(ArmId target) {
            Set<String> below = holds.computeIfAbsent(
                    target.subscription(),
                    s -> assignments.heldBelow(tx, call.caller().principal(), Scope.subscription(s)).stream()
                            .map(a -> a.scope().path())
                            .collect(Collectors.toUnmodifiableSet()));
            return !below.isEmpty()
                    && Scope.of(target).upwards().stream().map(Scope::path).anyMatch(below::contains);
        }

        private boolean may(String action, Scope scope) {
            return answers.computeIfAbsent(
                    action + " " + scope.path(),
                    _ -> access.may(tx, call.caller().principal(), action, scope));
        }
    }
}
