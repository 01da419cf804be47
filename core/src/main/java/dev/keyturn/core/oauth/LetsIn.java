package dev.keyturn.core.oauth;

import dev.keyturn.core.door.Ask;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Tx;
import java.util.Optional;

/**
 * That somebody lets a client in, which stays for days: shortly after signing in, with a session that is there still.
 * Asked again in the transaction that lets it in, so "sign out everywhere" in between leaves nothing allowed.
 */
record LetsIn(Allows allows, SignedIn signedIn, PersonStore people, ServerTime time) implements Ask {
    @Override
    public Action action() {
        return allows.action();
    }

    @Override
    public Scope at() {
        return allows.at();
    }

    @Override
    public Optional<String> target() {
        return allows.target();
    }

    @Override
    public Optional<DomainError> refusal(Tx tx, Call call) {
        return allows.refusal(tx, call)
                .or(() -> people.session(tx, signedIn.session().id())
                                .filter(s -> s.person().equals(allows.person()) && s.fresh(time.latest()))
                                .isPresent()
                        ? Optional.empty()
                        : Optional.of(new DomainError.Forbidden(ErrorInfo.of(
                                DeviceSignIn.SIGN_IN_AGAIN,
                                "You signed in more than " + Session.FRESH.toMinutes()
                                        + " minutes ago, or were signed out since. Sign in again in this browser, then let the"
                                        + " program in: a browser that was left open must not be enough for it."))));
    }
}
