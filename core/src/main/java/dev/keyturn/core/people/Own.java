package dev.keyturn.core.people;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** What everybody may do to themselves. */
record Own(Action action, PrincipalId person) implements Ask {
    @Override
    public Scope at() {
        return Proof.PEOPLE;
    }

    @Override
    public Optional<String> target() {
        return Optional.of("/people/" + person);
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return call.caller().principal().equals(person)
                ? Optional.empty()
                : Optional.of(new DomainError.Forbidden(
                        ErrorInfo.of(SignIn.REFUSED, "This is somebody else's way to sign in.")));
    }
}
