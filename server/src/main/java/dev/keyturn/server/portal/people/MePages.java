package dev.keyturn.server.portal.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.Passkeys;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One's own: where one is signed in, one's passkeys and one's password. */
public final class MePages {
    private static final String ME = "/portal/me";
    private static final String PASSKEYS = ME + "/passkeys";
    private static final String HERE_ALONE =
            "No az command and no REST call does this: how you sign in is changed in the portal alone.";

    private final Entry entry;
    private final SignIn signIn;
    private final Passkeys passkeys;
    private final SignInLimits limits;

    public MePages(Entry entry, SignIn signIn, Passkeys passkeys, SignInLimits limits) {
        this.entry = entry;
        this.signIn = signIn;
        this.passkeys = passkeys;
        this.limits = limits;
    }

    public void addTo(Routes routes) {
        entry.page(routes, ME, v -> me(v, 200, "", List.of()));
        entry.form(routes, ME + "/sign-out-everywhere", this::leaveEverywhere);
        entry.form(routes, PASSKEYS, this::add);
        entry.form(routes, PASSKEYS + "/rename", this::rename);
        entry.form(routes, PASSKEYS + "/remove", this::remove);
        entry.form(routes, PASSKEYS + "/required", this::require);
        entry.page(routes, Entry.OWN_PASSWORD, v -> password(v, 200, List.of()));
        entry.form(routes, Entry.OWN_PASSWORD, this::changePassword);
    }

    private Response me(Visitor visitor, int status, String name, List<String> problems) {
        Passkeys.Making making = passkeys.making(visitor.signedIn());
        MePage page = new MePage(
                visitor.person(),
                signIn.sessions(visitor.person()),
                visitor.signedIn().session().id(),
                passkeys.of(visitor.signedIn()),
                making,
                visitor.request().origin().equals(making.origin()),
                signIn.outside().signsIn(),
                name,
                problems);
        return entry.html()
                .page(
                        status,
                        "me",
                        entry.frame(visitor, "Your account", "", Optional.empty())
                                .alone(HERE_ALONE),
                        page);
    }

    private Response leaveEverywhere(Visitor visitor) {
        signIn.signOutEverywhere(Entry.visit(visitor.request()), visitor.signedIn());
        return Html.to(Entry.SIGN_IN).with("Set-Cookie", Cookies.take(Cookies.SESSION));
    }

    private Response add(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        String name = form.getOrDefault("name", "");
        return shown(
                visitor,
                name,
                () -> passkeys.add(Entry.visit(visitor.request()), visitor.signedIn(), name, PasskeyFields.made(form)));
    }

    private Response rename(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        return shown(
                visitor,
                "",
                () -> passkeys.rename(
                        Entry.visit(visitor.request()),
                        visitor.signedIn(),
                        form.getOrDefault("passkey", ""),
                        form.getOrDefault("name", "")));
    }

    private Response remove(Visitor visitor) {
        String id = visitor.request().form().getOrDefault("passkey", "");
        return shown(visitor, "", () -> passkeys.remove(Entry.visit(visitor.request()), visitor.signedIn(), id));
    }

    private Response require(Visitor visitor) {
        boolean required = visitor.request().form().getOrDefault("required", "").equals("yes");
        return shown(visitor, "", () -> {
            passkeys.require(Entry.visit(visitor.request()), visitor.signedIn(), required);
        });
    }

    /** The page again: as it is then, or with what was wrong. */
    private Response shown(Visitor visitor, String name, Runnable change) {
        try {
            change.run();
            return Html.to(ME);
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Invalid || e.error() instanceof DomainError.Conflict) {
                return me(visitor, ErrorStatus.of(e.error()), name, SignInPages.messages(e));
            }
            throw e;
        }
    }

    private Response password(Visitor visitor, int status, List<String> problems) {
        if (signIn.outside().signsIn()) {
            throw DomainError.notAllowed("There is no password to change: people sign in at "
                            + signIn.outside().issuer().orElseThrow() + ".")
                    .asException();
        }
        Frame frame =
                entry.frame(visitor, "Your password", "", Optional.empty()).alone(HERE_ALONE);
        return entry.html()
                .page(
                        status,
                        "password",
                        frame,
                        new PasswordPage(visitor.person().mustChange(), problems));
    }

    private Response changePassword(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        String name = visitor.person().name().key();
        String address = visitor.request().arrival().address();
        String fresh = form.getOrDefault("password", "");
        if (!fresh.equals(form.getOrDefault("again", ""))) {
            return password(visitor, 400, List.of(SignInPages.NOT_TWICE));
        }
        SignInPages.await(limits.begin(address, name, true));
        try {
            Started started = signIn.changePassword(
                    Entry.visit(visitor.request()), visitor.signedIn(), form.getOrDefault("old", ""), fresh);
            limits.succeeded(address, name, true);
            return SignInPages.entered(started, "/portal");
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Invalid) {
                return password(visitor, 400, SignInPages.messages(e));
            }
            if (!PasskeySignIn.isRefusal(e.error())) {
                throw e;
            }
            return password(visitor, 401, SignInPages.messages(e));
        }
    }
}
