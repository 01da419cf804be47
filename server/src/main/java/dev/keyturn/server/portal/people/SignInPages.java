package dev.keyturn.server.portal.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Csrf;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Frame;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** To sign in, with a password or a one-time link, to set a password, to see where one is signed in, and to sign out. */
public final class SignInPages {
    private static final String WELCOME = "/portal/welcome";
    private static final String NOT_TWICE = "The two passwords are not the same.";

    private final Entry entry;
    private final SignIn signIn;
    private final SignInLimits limits;
    private final SecureRandom random;

    public SignInPages(Entry entry, SignIn signIn, SignInLimits limits, SecureRandom random) {
        this.entry = entry;
        this.signIn = signIn;
        this.limits = limits;
        this.random = random;
    }

    public void addTo(Routes routes) {
        entry.open(routes, Entry.SIGN_IN, this::form);
        entry.openForm(routes, Entry.SIGN_IN, this::enter);
        entry.open(routes, WELCOME, this::welcome);
        entry.openForm(routes, WELCOME, this::begin);
        entry.form(routes, "/portal/sign-out", this::leave);
        entry.page(routes, "/portal/me", this::me);
        entry.form(routes, "/portal/me/sign-out-everywhere", this::leaveEverywhere);
        entry.page(routes, Entry.OWN_PASSWORD, v -> password(v, 200, List.of()));
        entry.form(routes, Entry.OWN_PASSWORD, this::changePassword);
    }

    private Response form(Request request, Optional<SignedIn> signedIn) {
        String go = Entry.within(request.query("go"));
        return signedIn.isPresent() ? Html.to(go) : signInPage(request, 200, new SignInPage(go, "", List.of()));
    }

    private Response enter(Request request, Optional<SignedIn> signedIn) {
        Map<String, String> form = request.form();
        String go = Entry.within(Optional.ofNullable(form.get("go")));
        String name = form.getOrDefault("name", "").strip();
        String address = request.arrival().address();
        await(limits.arrived(address).or(() -> limits.begin(address, name, false)));
        try {
            Started started = signIn.withPassword(
                    Entry.visit(request),
                    name,
                    form.getOrDefault("password", ""),
                    Cookies.of(request, Cookies.SESSION));
            limits.succeeded(address, name, false);
            return entered(started, go);
        } catch (DomainException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            return signInPage(request, 401, new SignInPage(go, name, messages(e)));
        }
    }

    private Response welcome(Request request, Optional<SignedIn> signedIn) {
        String link = request.query("link").orElse("");
        String address = request.arrival().address();
        await(limits.arrived(address));
        Optional<Person> person = signIn.ofLink(link);
        if (person.isEmpty()) {
            limits.refused(address, "link");
        }
        return welcomePage(request, person.isPresent() ? 200 : 401, link, person, List.of());
    }

    private Response begin(Request request, Optional<SignedIn> signedIn) {
        Map<String, String> form = request.form();
        String link = form.getOrDefault("link", "");
        String address = request.arrival().address();
        await(limits.arrived(address));
        String fresh = form.getOrDefault("password", "");
        if (!fresh.equals(form.getOrDefault("again", ""))) {
            return welcomePage(request, 400, link, signIn.ofLink(link), List.of(NOT_TWICE));
        }
        try {
            return entered(
                    signIn.withLink(Entry.visit(request), link, fresh, Cookies.of(request, Cookies.SESSION)),
                    "/portal");
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Invalid) {
                return welcomePage(request, 400, link, signIn.ofLink(link), messages(e));
            }
            if (!isRefusal(e)) {
                throw e;
            }
            limits.refused(address, "link");
            return welcomePage(request, 401, link, Optional.empty(), List.of());
        }
    }

    private Response leave(Visitor visitor) {
        signIn.signOut(Entry.visit(visitor.request()), visitor.signedIn());
        return Html.to(Entry.SIGN_IN).with("Set-Cookie", Cookies.take(Cookies.SESSION));
    }

    private Response leaveEverywhere(Visitor visitor) {
        signIn.signOutEverywhere(Entry.visit(visitor.request()), visitor.signedIn());
        return Html.to(Entry.SIGN_IN).with("Set-Cookie", Cookies.take(Cookies.SESSION));
    }

    private Response me(Visitor visitor) {
        MePage page = new MePage(
                visitor.person(),
                signIn.sessions(visitor.person()),
                visitor.signedIn().session().id());
        return entry.html().page(200, "me", entry.frame(visitor, "You", "", Optional.empty()), page);
    }

    private Response password(Visitor visitor, int status, List<String> problems) {
        Frame frame = entry.frame(visitor, "Your password", "", Optional.empty());
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
            return password(visitor, 400, List.of(NOT_TWICE));
        }
        await(limits.begin(address, name, true));
        try {
            Started started = signIn.changePassword(
                    Entry.visit(visitor.request()), visitor.signedIn(), form.getOrDefault("old", ""), fresh);
            limits.succeeded(address, name, true);
            return entered(started, "/portal");
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Invalid) {
                return password(visitor, 400, messages(e));
            }
            if (!isRefusal(e)) {
                throw e;
            }
            return password(visitor, 401, messages(e));
        }
    }

    private static Response entered(Started started, String go) {
        return Html.to(go).with("Set-Cookie", Cookies.give(Cookies.SESSION, started.token()));
    }

    private Response signInPage(Request request, int status, SignInPage page) {
        return withFormCookie(
                request, csrf -> entry.html().page(status, "sign-in", entry.open(request, "Sign in", csrf), page));
    }

    private Response welcomePage(
            Request request, int status, String link, Optional<Person> person, List<String> problems) {
        WelcomePage page =
                new WelcomePage(link, person.map(p -> p.name().text()).orElse(""), person.isPresent(), problems);
        return withFormCookie(
                request, csrf -> entry.html().page(status, "welcome", entry.open(request, "Welcome", csrf), page));
    }

    @FunctionalInterface
    private interface Render {
        Response with(String csrf);
    }

    /** A browser that has no cookie of the form yet gets one, which its form is held against. */
    private Response withFormCookie(Request request, Render render) {
        Optional<String> present = Cookies.of(request, Cookies.FORM);
        if (present.isPresent()) {
            return render.with(Csrf.token(present.get()));
        }
        String made = RandomToken.make(random);
        return render.with(Csrf.token(made)).with("Set-Cookie", Cookies.give(Cookies.FORM, made));
    }

    private static boolean isRefusal(DomainException e) {
        return e.error().info().code().equals(SignIn.REFUSED);
    }

    private static List<String> messages(DomainException e) {
        ErrorInfo info = e.error().info();
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().flatMap(d -> Stream.of(d.message())).toList();
    }

    private static void await(Optional<Duration> wait) {
        if (wait.isPresent()) {
            throw tooMany(wait.get());
        }
    }

    private static RuntimeException tooMany(Duration wait) {
        return new DomainError.Throttled(
                        ErrorInfo.of(
                                "TooManySignIns",
                                "There were too many tries to sign in. Wait " + Math.max(1, wait.toSeconds())
                                        + " seconds, then try again."),
                        wait)
                .asException();
    }
}
