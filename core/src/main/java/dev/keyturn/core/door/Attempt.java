package dev.keyturn.core.door;

import dev.keyturn.core.audit.AuditEntry;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One piece of work under way, and what of it is durable. */
final class Attempt implements Permit {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private final Transactions transactions;
    private final DoorRecord record;
    private final Call call;
    private final Ask ask;
    /** A record is made for each; of no target there is one record too. */
    private List<Optional<String>> targets;

    private volatile Run current = new Run();
    private boolean recorded;
    private List<Ask> links = List.of();
    private Optional<Throwable> told = Optional.empty();

    Attempt(Transactions transactions, DoorRecord record, Call call, Ask ask) {
        this.transactions = transactions;
        this.record = record;
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
        Optional<Refused> refused = transactions.read(tx ->
                links.stream().flatMap(l -> Refused.of(tx, call, l).stream()).findFirst());
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
                record.of(tx, entries(Outcome.ALLOWED, Optional.empty(), run.operation));
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
        about.forEach(t -> record.refused(call, refused, t));
        RuntimeException refusal = refused.error().asException();
        told = Optional.of(refusal);
        return refusal;
    }

    void succeeded() {
        if (!call.rehearsal() && !recorded && !current.nothing && ask.action().sort() != Action.Sort.READ) {
            record.of(entries(Outcome.ALLOWED, Optional.empty(), Optional.empty()));
        }
    }

    /** What was written has its own record; so one of the failure that cannot be made gives way to the failure itself. */
    void failed(Throwable why) {
        if (call.rehearsal() || told.filter(why::equals).isPresent()) {
            return;
        }
        try {
            record.of(entries(Outcome.FAILED, Optional.of(Refused.code(why)), Optional.empty()));
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
