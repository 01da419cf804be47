package dev.keyturn.core.oauth;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** What is recorded where a person lets a client act as the person: nobody does that for somebody else. */
record Allows(Action action, PrincipalId person, PublicClient client) implements Ask {
    @Override
    public Scope at() {
        return Scope.of(ArmId.TENANT);
    }

    @Override
    public Optional<String> target() {
        return Optional.of("/people/" + person + "/clients/" + client.id());
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return call.caller().principal().equals(person)
                ? Optional.empty()
                : Optional.of(new DomainError.Unauthenticated(
                        ErrorInfo.of(SignIn.REFUSED, "What the client brought was used before, so it is signed out.")));
    }
}
