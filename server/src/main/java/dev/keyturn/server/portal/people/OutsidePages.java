package dev.keyturn.server.portal.people;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.outside.OutsideRefusal;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.identity.outside.ProviderAwayException;
import dev.keyturn.server.identity.outside.ProviderSignIn;
import dev.keyturn.server.identity.outside.ProviderSignIn.Ended;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * To sign in at a provider outside: the page that leads there, and what it sends back. Both ways are redirects after a GET,
 * and what came with the answer is in no address that a browser stays at.
 */
public final class OutsidePages {
    private static final String START = "/portal/sign-in/outside";
    private static final Logger LOG = LoggerFactory.getLogger(OutsidePages.class);

    private final Entry entry;
    private final Optional<Elsewhere> elsewhere;
    private final SignInLimits limits;
    private final FormCookie cookie;
    private final String url;

    /** @param url the server's own, at which alone the provider's answers come */
    public OutsidePages(
            Entry entry, Optional<Elsewhere> elsewhere, SignInLimits limits, FormCookie cookie, String url) {
        this.entry = entry;
        this.elsewhere = elsewhere;
        this.limits = limits;
        this.cookie = cookie;
        this.url = url;
    }

    public void addTo(Routes routes) {
        entry.open(routes, START, this::start);
        entry.open(routes, ProviderSignIn.BACK, this::back);
    }

    boolean signsIn() {
        return elsewhere.isPresent();
    }

    /** The page to sign in; {@code go} is the path to go on to. */
    Response form(Request request, String go) {
        ProviderSignIn provider = there().provider();
        Optional<OutsideRefusal> why = request.query("why").flatMap(OutsidePages::named);
        boolean away = request.query("away").isPresent();
        try {
            provider.requireThere();
        } catch (ProviderAwayException e) {
            away = true; // the log says why
        }
        boolean again = request.query("again").isPresent();
        OutsidePage page = new OutsidePage(
                provider.host(),
                START + "?" + asked(go, again),
                !away,
                again,
                why,
                request.query("out").flatMap(_ -> provider.signOut()).map(URI::toString));
        boolean nobody = away;
        return cookie.with(request, (csrf, _) -> {
            Response shown = entry.html()
                    .page(
                            nobody ? 503 : why.isPresent() ? 401 : 200,
                            "sign-in-outside",
                            entry.open(request, "Sign in", csrf).alone(SignInPages.IN_AZ),
                            page);
            return nobody ? shown.with("Retry-After", Long.toString(ProviderSignIn.AGAIN.toSeconds())) : shown;
        });
    }

    private Response start(Request request, Optional<SignedIn> signedIn) {
        String go = Entry.within(request.query("go"));
        boolean again = request.query("again").isPresent();
        Elsewhere there = there();
        SignInPages.await(limits.came(request.arrival().address())); // nothing can be guessed here
        if (!request.origin().equals(url)) { // the cookie must be where the answer comes
            return hidden(Html.to(url + START + "?" + asked(go, again)));
        }
        return cookie.with(request, (_, browser) -> {
            try {
                return hidden(Html.to(there.provider().begin(go, again, browser).toString()));
            } catch (ProviderAwayException e) {
                return Html.to(Entry.SIGN_IN + "?" + asked(go, again));
            }
        });
    }

    /** Whatever comes of it, the browser goes on to another address: this one has the provider's code in it. */
    private Response back(Request request, Optional<SignedIn> signedIn) {
        Elsewhere there = there();
        Optional<String> browser = Cookies.of(request, Cookies.FORM);
        Optional<String> begun = there.provider().begun(request.query(), browser);
        if (begun.isEmpty()) { // whatever page sent the browser here: nothing is counted, and nothing recorded
            return refused("/portal", OutsideRefusal.ANSWER);
        }
        String go = Entry.within(begun);
        try {
            return answered(request, there, browser, go);
        } catch (ProviderAwayException e) {
            return hidden(Html.to(Entry.SIGN_IN + "?" + asked(go, false) + "&away=yes"));
        } catch (DomainException e) {
            String code = e.error().info().code();
            Optional<OutsideRefusal> why = Stream.of(OutsideRefusal.values())
                    .filter(w -> w.code().equals(code))
                    .findFirst();
            if (why.isEmpty()) {
                LOG.warn(
                        "a sign-in at the provider could not be finished: {}",
                        e.error().info().message());
            }
            return refused(go, why.orElse(OutsideRefusal.FAILED));
        } catch (RuntimeException e) {
            LOG.error("a sign-in at the provider could not be finished", e);
            return refused(go, OutsideRefusal.FAILED);
        }
    }

    private Response answered(Request request, Elsewhere there, Optional<String> browser, String go)
            throws ProviderAwayException {
        there.provider().requireThere(); // while it is away, nobody's tries are used up
        String address = request.arrival().address();
        if (limits.answered(address).isPresent()) {
            return refused(go, OutsideRefusal.BUSY);
        }
        Ended ended = there.provider().end(request.query(), browser, there.people()::first);
        return switch (ended) {
            case Ended.Refused refused ->
                throw there.people().refuse(Entry.visit(request), refused.subject(), refused.why());
            case Ended.In in -> {
                Started started =
                        there.people().enter(Entry.visit(request), in.shown(), Cookies.of(request, Cookies.SESSION));
                limits.proven(address);
                yield hidden(SignInPages.entered(started, go));
            }
        };
    }

    private static Response refused(String go, OutsideRefusal why) {
        return hidden(Html.to(Entry.SIGN_IN + "?" + asked(go, why == OutsideRefusal.NOT_FRESH) + "&why=" + why));
    }

    private Elsewhere there() {
        return elsewhere.orElseThrow(() -> new DomainError.NotFound(
                        ErrorInfo.of("NotFound", "People sign in here, at " + Entry.SIGN_IN + "."))
                .asException());
    }

    /** Browsers tell the next page nothing of this address, and keep nothing of the answer. */
    private static Response hidden(Response redirect) {
        return redirect.with("Cache-Control", "no-store").with("Referrer-Policy", "no-referrer");
    }

    private static String asked(String go, boolean again) {
        return "go=" + URLEncoder.encode(go, StandardCharsets.UTF_8) + (again ? "&again=yes" : "");
    }

    private static Optional<OutsideRefusal> named(String text) {
        return Stream.of(OutsideRefusal.values())
                .filter(w -> w.name().equals(text))
                .findFirst();
    }
}
