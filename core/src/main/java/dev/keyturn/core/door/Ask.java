package dev.keyturn.core.door;

import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.tx.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A question to {@link Doors}: may the caller do this there? Immutable; asked more than once. */
public interface Ask {
    /** What is recorded as done. */
    Action action();

    /** Where, for the record. */
    Scope at();

    /**
     * Why the caller may not, in the words of the surface that it asked through; empty where it may. Asked inside a
     * transaction, and again inside the one that does the work.
     */
    Optional<DomainError> refusal(Tx tx, Call call);

    /** The exact thing that it is about, where the scope does not say it; {@link Permit#on} can name it more exactly. */
    default Optional<String> target() {
        return Optional.empty();
    }

    /** The questions that this one consists of, in the order in which they are asked. */
    default List<Ask> parts() {
        return List.of(this);
    }

    /**
     * By role assignments, in Azure Resource Manager's words. A call that was {@link Call#decided decided} before is not
     * asked about.
     */
    static Ask roles(Access access, Action action, Scope at) {
        return new Roles(access, action, at);
    }

    /** All of these must be allowed; what is done is recorded as {@code main}, a refusal as the one that was refused. */
    static Ask all(Ask main, List<? extends Ask> others) {
        List<Ask> parts = new ArrayList<>();
        parts.add(main);
        parts.addAll(others);
        return new All(main, parts);
    }

    /** See {@link Ask#roles}. */
    record Roles(Access access, Action action, Scope at) implements Ask {
        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            return call.decided() || access.may(tx, call.caller().principal(), action.azure(), at)
                    ? Optional.empty()
                    : Optional.of(RoleAccess.refused(call.caller(), action.azure(), at));
        }
    }

    /** See {@link Ask#all}. */
    record All(Ask main, List<Ask> parts) implements Ask {
        public All {
            parts = List.copyOf(parts);
        }

        @Override
        public Action action() {
            return main.action();
        }

        @Override
        public Scope at() {
            return main.at();
        }

        @Override
        public Optional<String> target() {
            return main.target();
        }

        @Override
        public Optional<DomainError> refusal(Tx tx, Call call) {
            return parts.stream().flatMap(a -> a.refusal(tx, call).stream()).findFirst();
        }
    }
}
