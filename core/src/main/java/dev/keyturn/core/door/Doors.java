package dev.keyturn.core.door;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.Correlation;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that decides and records. A service method that does something for somebody begins with {@link #require}
 * where it only reads, with {@link #act} where it changes something or uses a key. Must not be called inside a
 * transaction. Thread-safe.
 *
 * <p>What is recorded is recorded before the method returns or throws. A refusal, or a use of a key, that cannot be
 * recorded is not answered: the store's own refusal is thrown then. Of one principal's refusals a limited number is
 * recorded in a minute ({@link RefusalLimit}); the others are answered and counted.
 */
public final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    /**
     * What may be rehearsed: work that does nothing outside of {@link Permit#write}. Whatever makes a key, asks a host for
     * something or uses a key without a transaction would have done it.
     */
    private static final Set<Action> REHEARSED = EnumSet.of(
            Action.GROUP_WRITE,
            Action.VAULT_WRITE,
            Action.HSM_WRITE,
            Action.DISK_SET_WRITE,
            Action.DISK_WRITE,
            Action.VM_WRITE);

    private final Transactions transactions;
    private final Access access;
    private final AuditLog audit;
    private final RefusalLimit limit = new RefusalLimit();

    public Doors(Transactions transactions, Access access, AuditLog audit) {
        this.transactions = transactions;
        this.access = access;
        this.audit = audit;
    }

    /** The question about one action at one scope, by role assignments. */
    public Ask roles(Action action, Scope at) {
        return Ask.roles(access, action, at);
    }

    /**
     * Refuses, or lets pass; only the refusal is recorded. For reads, and before a body is read.
     *
     * @throws dev.keyturn.core.model.DomainException what {@link Ask#refusal} says
     */
    public void require(Call call, Action action, Scope at) {
        require(call, roles(action, at));
    }

    /** As {@link #require(Call, Action, Scope)}. */
    public void require(Call call, Ask ask) {
        Optional<Refused> refused = transactions.read(tx -> Refused.of(tx, call, ask));
        if (refused.isPresent()) {
            record(call, refused.get(), refused.get().ask().target());
            throw refused.get().error().asException();
        }
    }

    /**
     * Asks, runs the work, and records what became of it: {@code allowed} with each {@link Permit#write}, or once at the
     * end where there was none; {@code failed} where the work throws, which is thrown on. Of a read no success is
     * recorded.
     *
     * <p>Of a rehearsal nothing is recorded but what it is refused. It ends with {@link Rehearsed} at its first write.
     *
     * @throws dev.keyturn.core.model.DomainException what {@link Ask#refusal} says, or what the work throws
     */
    public <T> T act(Call call, Action action, Scope at, Function<Permit, T> work) {
        return act(call, roles(action, at), work);
    }

    /** As {@link #act(Call, Action, Scope, Function)}. */
    public <T> T act(Call call, Ask ask, Function<Permit, T> work) {
        if (call.rehearsal() && !REHEARSED.contains(ask.action())) {
            throw new IllegalArgumentException(ask.action() + " cannot be rehearsed");
        }
        require(call, ask);
        Attempt attempt = new Attempt(call, ask);
        T result;
        try {
            result = Correlation.under(call.correlation(), () -> work.apply(attempt));
        } catch (RuntimeException | Error e) {
            if (!VitalThreads.endsProcess(e)) {
                attempt.failed(e);
            }
            throw e;
        }
        attempt.succeeded();
        return result;
    }

    private void record(List<AuditEntry> entries) {
        transactions.run(tx -> entries.forEach(e -> audit.append(tx, e)));
    }

    private void record(Call call, Refused refused, Optional<String> target) {
        PrincipalId who = call.caller().principal();
        Optional<RefusalLimit.Place> place = limit.next(who, audit.now());
        if (place.isPresent()) {
            try {
                record(List.of(refused.entry(call, target, place.get())));
            } catch (RuntimeException | Error e) {
                limit.giveBack(who, place.get());
                throw e;
            }
        }
    }

    /** One piece of work under way, and what of it is durable. */
    private final class Attempt implements Permit {
        private final Call call;
        private final Ask ask;
        /** A record is made for each; of no target there is one record too. */
        private List<Optional<String>> targets;

        private volatile Run current = new Run();
        private boolean recorded;
        private List<Ask> links = List.of();
        private Optional<Throwable> told = Optional.empty();

        Attempt(Call call, Ask ask) {
            this.call = call;
            this.ask = ask;
            this.targets = List.of(ask.target());
        }

        @Override
        public Call call() {
            return call;
        }

        @Override
        public Permit on(String value) {
            targets = List.of(Optional.of(value));
            return this;
        }

        @Override
        public Permit onAll(List<KeyId> versions) {
            if (versions.isEmpty()) {
                throw new IllegalArgumentException("no key version is named");
            }
            targets = versions.stream().map(v -> Optional.of(v.reference())).toList();
            return this;
        }

        @Override
        public void began(UUID value) {
            current.operation = Optional.of(value);
        }

        @Override
        public void nothing() {
            current.nothing = true;
        }

        @Override
        public void require(Tx tx, Ask further) {
            Refused.of(tx, call, further).ifPresent(r -> {
                throw new RefusedInside(r, List.of(r.ask().target()));
            });
        }

        @Override
        public void requireLinked(List<Ask> asked) {
            links = List.copyOf(asked);
            Optional<Refused> refused = transactions.read(tx -> links.stream()
                    .flatMap(l -> Refused.of(tx, call, l).stream())
                    .findFirst());
            if (refused.isPresent()) {
                throw refuse(refused.get(), List.of(refused.get().ask().target()));
            }
        }

        private void requireAll(Tx tx) {
            Refused.of(tx, call, ask).ifPresent(r -> {
                throw new RefusedInside(r, targets);
            });
            links.forEach(l -> require(tx, l));
        }

        @Override
        public <T> T read(Function<Tx, T> look) {
            return telling(() -> transactions.read(tx -> {
                requireAll(tx);
                return look.apply(tx);
            }));
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            T result = telling(() -> transactions.write(tx -> {
                Run run = new Run();
                current = run;
                requireAll(tx);
                T done = work.apply(tx);
                if (call.rehearsal()) {
                    throw new Rehearsed();
                }
                if (!run.nothing) {
                    entries(Outcome.ALLOWED, Optional.empty(), run.operation).forEach(e -> audit.append(tx, e));
                }
                return done;
            }));
            recorded = true;
            return result;
        }

        /** A refusal that comes up in a transaction is recorded once that is taken back, and is the answer. */
        private <T> T telling(Supplier<T> transaction) {
            try {
                return transaction.get();
            } catch (RefusedInside inside) {
                throw refuse(inside.refused, inside.about);
            }
        }

        /** Records it; nothing is left to say of it at the attempt's end. */
        private RuntimeException refuse(Refused refused, List<Optional<String>> about) {
            about.forEach(t -> Doors.this.record(call, refused, t));
            RuntimeException refusal = refused.error().asException();
            told = Optional.of(refusal);
            return refusal;
        }

        void succeeded() {
            if (!call.rehearsal()
                    && !recorded
                    && !current.nothing
                    && ask.action().sort() != Action.Sort.READ) {
                record(entries(Outcome.ALLOWED, Optional.empty(), Optional.empty()));
            }
        }

        /** What was written has its own record; so one of the failure that cannot be made gives way to the failure itself. */
        void failed(Throwable why) {
            if (call.rehearsal() || told.filter(why::equals).isPresent()) {
                return;
            }
            try {
                record(entries(Outcome.FAILED, Optional.of(Refused.code(why)), Optional.empty()));
            } catch (RuntimeException e) {
                LOG.warn("that {} failed could not be recorded: {}", ask.action(), e.getMessage());
                if (!e.equals(why)) {
                    why.addSuppressed(e);
                }
            }
        }

        private List<AuditEntry> entries(Outcome outcome, Optional<String> code, Optional<UUID> operation) {
            return targets.stream()
                    .map(t -> new AuditEntry(call, ask.action(), ask.at(), t, outcome, code, operation))
                    .toList();
        }
    }

    /** What one run of a write says of itself. A writer may still be at it when its caller has given it up. */
    private static final class Run {
        private Optional<UUID> operation = Optional.empty();
        private boolean nothing;
    }

    /** Takes a transaction back whose question was answered with no. Never leaves {@link Permit#write} or {@link Permit#read}. */
    private static final class RefusedInside extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Refused refused;
        /** What the question was about: a record is made for each. */
        private final transient List<Optional<String>> about;

        RefusedInside(Refused refused, List<Optional<String>> about) {
            super(null, null, false, false);
            this.refused = refused;
            this.about = about;
        }
    }
}
