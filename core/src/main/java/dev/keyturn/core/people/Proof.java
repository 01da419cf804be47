package dev.keyturn.core.people;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * Whether who signs in is the person, as far as the secret that was brought shows; {@code wrong} is empty where it does.
 *
 * @param by what of the person's signed it in, as a target ends; empty where the record need not say
 */
record Proof(PrincipalId person, String by, Optional<ErrorInfo> wrong) implements Ask {
    static final Scope PEOPLE = Scope.of(ArmId.TENANT);

    Proof(PrincipalId person, Optional<ErrorInfo> wrong) {
        this(person, "", wrong);
    }

    @Override
    public Action action() {
        return Action.SIGN_IN;
    }

    @Override
    public Scope at() {
        return PEOPLE;
    }

    @Override
    public Optional<String> target() {
        return Optional.of("/people/" + person + by);
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return wrong.map(DomainError.Unauthenticated::new);
    }
}
