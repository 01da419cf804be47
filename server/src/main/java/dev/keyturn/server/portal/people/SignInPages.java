package dev.keyturn.server.portal.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.PasskeySignIn.Entered;
import dev.keyturn.core.people.PasskeySignIn.Wanted;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** To sign in, with a password, a passkey or a one-time link, and to sign out. */
public final class SignInPages {
    private static final String WELCOME = "/portal/welcome";
    private static final String PASSKEY = "passkey";
    static final String IN_AZ = "No REST call signs in to the portal. The same account signs in to azure-cli with:"
            + " az login --use-device-code";
    private static final String BROWSER_ALONE =
            "No az command and no REST call does this: it is a step of signing in with a browser.";
    static final String NOT_TWICE = "The two passwords are not the same.";

    private final Entry entry;
    private final SignIn signIn;
    private final PasskeySignIn passkeys;
    private final SignInLimits limits;
    private final FormCookie cookie;
    private final OutsidePages outside;

    public SignInPages(
            Entry entry,
            SignIn signIn,
            PasskeySignIn passkeys,
            SignInLimits limits,
            FormCookie cookie,
            OutsidePages outside) {
        this.entry = entry;
        this.signIn = signIn;
        this.passkeys = passkeys;
        this.limits = limits;
        this.cookie = cookie;
        this.outside = outside;
    }

    public void addTo(Routes routes) {
        entry.open(routes, Entry.SIGN_IN, this::form);
        entry.openForm(routes, Entry.SIGN_IN, this::enter);
        entry.openForm(routes, Entry.SIGN_IN + "/passkey", this::enterWithPasskey);
        entry.open(routes, WELCOME, this::welcome);
        entry.openForm(routes, WELCOME, this::begin);
        entry.form(routes, "/portal/sign-out", this::leave);
    }

    private Response form(Request request, Optional<SignedIn> signedIn) {
        String go = Entry.within(request.query("go"));
        // who is signed in may sign in again, to change what takes a sign-in of just now
        if (signedIn.isPresent() && request.query("again").isEmpty()) {
            return Html.to(go);
        }
        return outside.signsIn()
                ? outside.form(request, go)
                : signInPage(
                        request,
                        200,
                        go,
                        signedIn.map(s -> s.person().name().text()).orElse(""),
                        List.of());
    }

    private Response enter(Request request, Optional<SignedIn> signedIn) {
        Map<String, String> form = request.form();
        String go = Entry.within(Optional.ofNullable(form.get("go")));
        String name = form.getOrDefault("name", "").strip();
        String address = request.arrival().address();
        boolean known = signedIn.filter(s -> s.person().name().key().equals(name.toLowerCase(Locale.ROOT)))
                .isPresent();
        await(limits.arrived(address).or(() -> limits.begin(address, name, known)));
        try {
            Entered entered = passkeys.withPassword(
                    Entry.visit(request),
                    name,
                    form.getOrDefault("password", ""),
                    Cookies.of(request, Cookies.SESSION),
                    browser(request));
            limits.succeeded(address, name, known);
            return switch (entered) {
                case Entered.In in -> entered(in.started(), go);
                case Entered.Further further -> further(request, ask(request, "second", further.wanted(), go));
            };
        } catch (DomainException e) {
            if (!PasskeySignIn.isRefusal(e.error())) {
                throw e;
            }
            return signInPage(request, 401, go, name, messages(e));
        }
    }

    private Response further(Request request, PasskeyAsk ask) {
        return cookie.with(
                request,
                (csrf, _) -> entry.html()
                        .page(
                                200,
                                "passkey",
                                entry.open(request, "Your passkey", csrf).alone(BROWSER_ALONE),
                                new PasskeyPage(ask)));
    }

    private Response enterWithPasskey(Request request, Optional<SignedIn> signedIn) {
        Map<String, String> form = request.form();
        String go = Entry.within(Optional.ofNullable(form.get("go")));
        String address = request.arrival().address();
        // nobody can guess a signature: by address alone, so that nobody stands in another's way
        await(limits.arrived(address).or(() -> limits.begin(address, PASSKEY, true)));
        try {
            Started started = passkeys.withPasskey(
                    Entry.visit(request),
                    PasskeyFields.signed(form),
                    Cookies.of(request, Cookies.SESSION),
                    browser(request));
            limits.succeeded(address, PASSKEY, true);
            return entered(started, go);
        } catch (DomainException e) {
            if (!PasskeySignIn.isRefusal(e.error())) {
                throw e;
            }
            return signInPage(request, 401, go, "", messages(e));
        }
    }

    /** What binds a challenge to a browser that is not signed in: the cookie that its forms are held against. */
    private static String browser(Request request) {
        return Cookies.of(request, Cookies.FORM).orElseThrow();
    }

    private static PasskeyAsk ask(Request request, String step, Wanted wanted, String go) {
        return new PasskeyAsk(step, wanted, go, request.origin().equals(wanted.origin()));
    }

    private Response welcome(Request request, Optional<SignedIn> signedIn) {
        String link = request.query("link").orElse("");
        await(limits.arrived(request.arrival().address()));
        // to look is no try: any page elsewhere can make a browser look, and no link can be guessed
        Optional<Person> person = signIn.ofLink(link);
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
        Optional<String> before = Cookies.of(request, Cookies.SESSION);
        try {
            return entered(
                    outside.signsIn()
                            ? signIn.withLinkAlone(Entry.visit(request), link, before)
                            : signIn.withLink(Entry.visit(request), link, fresh, before),
                    "/portal");
        } catch (DomainException e) {
            if (e.error() instanceof DomainError.Invalid) {
                return welcomePage(request, 400, link, signIn.ofLink(link), messages(e));
            }
            if (!PasskeySignIn.isRefusal(e.error())) {
                throw e;
            }
            limits.refused(address, "link");
            return welcomePage(request, 401, link, Optional.empty(), List.of());
        }
    }

    private Response leave(Visitor visitor) {
        signIn.signOut(Entry.visit(visitor.request()), visitor.signedIn());
        return Html.to(Entry.SIGN_IN + (outside.signsIn() ? "?out=yes" : ""))
                .with("Set-Cookie", Cookies.take(Cookies.SESSION));
    }

    static Response entered(Started started, String go) {
        return Html.to(go).with("Set-Cookie", Cookies.give(Cookies.SESSION, started.token()));
    }

    private Response signInPage(Request request, int status, String go, String name, List<String> problems) {
        return cookie.with(request, (csrf, browser) -> {
            PasskeyAsk ask = ask(request, "alone", passkeys.alone(browser), go);
            return entry.html()
                    .page(
                            status,
                            "sign-in",
                            entry.open(request, "Sign in", csrf).alone(IN_AZ),
                            new SignInPage(go, name, ask, problems));
        });
    }

    private Response welcomePage(
            Request request, int status, String link, Optional<Person> person, List<String> problems) {
        WelcomePage page = new WelcomePage(
                link, person.map(p -> p.name().text()).orElse(""), person.isPresent(), outside.signsIn(), problems);
        return cookie.with(
                request,
                (csrf, _) -> entry.html()
                        .page(
                                status,
                                "welcome",
                                entry.open(request, "Welcome", csrf).alone(BROWSER_ALONE),
                                page));
    }

    static List<String> messages(DomainException e) {
        ErrorInfo info = e.error().info();
        return info.details().isEmpty()
                ? List.of(info.message())
                : info.details().stream().flatMap(d -> Stream.of(d.message())).toList();
    }

    static void await(Optional<Duration> wait) {
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
