package dev.keyturn.core.door;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Reaches;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.Correlation;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vital.VitalThreads;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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
    private final Reaches reaches;
    private final DoorRecord record;

    public Doors(Transactions transactions, Access access, AuditLog audit) {
        this.transactions = transactions;
        this.access = access;
        this.reaches = new Reaches(access);
        this.record = new DoorRecord(transactions, audit);
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
            record.refused(call, refused.get(), refused.get().ask().target());
            throw refused.get().error().asException();
        }
    }

    /**
     * What the caller may read of a list: all of the subscription, or what is in some groups, or single resources, or
     * nothing. As in Azure nobody is refused a list of the subscription, so nothing is recorded. For the transaction that
     * reads the list: a role that is given or taken counts from the next page on.
     *
     * @param action what it takes to read one of the list
     * @param type of what the list has
     */
    public Reach reach(Tx tx, Call call, Action action, String type, String subscription) {
        return call.decided()
                ? Reach.EVERYWHERE
                : reaches.of(tx, call.caller().principal(), action, type, subscription);
    }

    /** As {@link #reach(Tx, Call, Action, String, String)}; {@code enough} as {@link Reaches#of}. */
    public Reach reach(Tx tx, Call call, String subscription, Function<ArmId, List<Action>> enough) {
        return call.decided() ? Reach.EVERYWHERE : reaches.of(tx, call.caller().principal(), subscription, enough);
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
        Attempt attempt = new Attempt(transactions, record, call, ask);
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
}
