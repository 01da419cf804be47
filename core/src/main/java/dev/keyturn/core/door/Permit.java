package dev.keyturn.core.door;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.tx.Tx;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Given to work that was allowed to begin ({@link Doors#act}). For that work and its thread alone. */
public interface Permit {
    Call call();

    /** Names the exact thing that is acted on, beside the scope. A key version goes by {@link #on(KeyId)}. */
    Permit on(String target);

    /** The key version that is used, in the form by which it is looked for. */
    default Permit on(KeyId version) {
        return on(version.reference());
    }

    /** Names several key versions that are used at once: there is a record for each of them, all or none. */
    Permit onAll(List<KeyId> versions);

    /** Names the operation that the write at hand begins. To be called inside of {@link #write}. */
    void began(UUID operation);

    /**
     * Says that there was nothing to do, and nothing was done: no success is recorded. Inside of {@link #write}, of that
     * write; else at the end.
     */
    void nothing();

    /**
     * Asks what only the state in the transaction shows that it must be asked. To be called inside of {@link #write} or
     * {@link #read}, which is taken back where the answer is no; the refusal is recorded as that question's, with its
     * action, scope and target.
     */
    void require(Tx tx, Ask further);

    /**
     * Asks about what the work makes use of elsewhere, before anything costly; and again in each {@link #write} and
     * {@link #read} that follows, where these take the place of those that were asked about before. A refusal is recorded
     * as that question's.
     *
     * @throws dev.keyturn.core.model.DomainException the first refusal
     */
    void requireLinked(List<Ask> links);

    /**
     * Asks again and looks, in one transaction: for work that writes nothing, and uses what it finds. A refusal is
     * recorded, and {@link #require} is asked, as in {@link #write}.
     *
     * @throws dev.keyturn.core.model.DomainException the refusal, where the caller may not any more
     */
    <T> T read(Function<Tx, T> look);

    /**
     * Asks again, works, and records: in one transaction, so that nothing goes between the question and the deed, and
     * there is no deed without its record. The rules of {@link dev.keyturn.core.tx.Transactions#write} hold: the work
     * may be run more than once, and must not be inside another transaction.
     *
     * @throws dev.keyturn.core.model.DomainException the refusal, where the caller may not any more
     */
    <T> T write(Function<Tx, T> work);
}
