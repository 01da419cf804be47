package dev.keyturn.core.people;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/** What people may do to their own ways to sign in: shortly after they have signed in. */
record Fresh(Action action, SignedIn signedIn, ServerTime time) implements Ask {
    @Override
    public Scope at() {
        return Proof.PEOPLE;
    }

    @Override
    public Optional<String> target() {
        return Optional.of("/people/" + signedIn.person().id());
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return new Own(action, signedIn.person().id())
                .refusal(tx, call)
                .or(() -> signedIn.session().fresh(time.latest())
                        ? Optional.empty()
                        : Optional.of(new DomainError.Forbidden(ErrorInfo.of(
                                "SignInAgain",
                                why() + " Sign in again in this browser, then change how you sign in: a browser that"
                                        + " was left open must not be enough for it."))));
    }

    private String why() {
        return signedIn.session().how() == Session.How.PROVIDER
                ? "The provider did not say that you showed it just now who you are."
                : "You signed in more than " + Session.FRESH.toMinutes() + " minutes ago.";
    }
}
