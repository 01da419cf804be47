package dev.keyturn.server.portal.grants;

import dev.keyturn.core.oauth.ClientSignIns;
import dev.keyturn.core.oauth.CodeSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.BrowserRequest;
import dev.keyturn.server.identity.BrowserRequests;
import dev.keyturn.server.portal.frame.Cookies;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Where a program that opened a browser asks to act as the person, who allows it by a form and never by coming here. */
public final class AuthorizePages {
    private static final String HERE = "/portal/authorize";
    private final Entry entry;
    private final CodeSignIn codes;
    private final ClientSignIns signIns;
    private final SignIn signIn;
    private final BrowserRequests requests;

    public AuthorizePages(Entry entry, OAuth oauth, SignIn signIn, BrowserRequests requests) {
        this.entry = entry;
        this.codes = oauth.codes();
        this.signIns = oauth.signIns();
        this.signIn = signIn;
        this.requests = requests;
    }

    public void addTo(Routes routes) {
        entry.page(routes, HERE, this::show);
        entry.form(routes, HERE, this::decide);
        entry.form(routes, HERE + "/other", this::other);
    }

    private Response show(Visitor visitor) {
        Map<String, String> sent = visitor.request().query();
        return show(visitor, requests.read(sent), BrowserRequests.fields(sent), 200);
    }

    private Response show(Visitor visitor, BrowserRequest request, Map<String, String> asked, int status) {
        String name = visitor.person().name().text();
        AuthorizePage page = new AuthorizePage(
                request.client().name(),
                name,
                request.hint().filter(h -> !h.isBlank() && !h.equalsIgnoreCase(name)),
                request.origin(),
                asked,
                signIns.until(visitor.signedIn().person().id()),
                request.problem().map(BrowserRequest.Problem::description),
                stale(visitor, request));
        return Html.leadingTo(
                request.origin(),
                entry.html()
                        .page(
                                status,
                                "authorize",
                                entry.frame(visitor, "Sign in to a program", "", Optional.empty())
                                        .alone(AuthorizePage.ALONE),
                                page));
    }

    /** A browser that was left open lets no program in, and a program can ask for a sign-in after its request. */
    private boolean stale(Visitor visitor, BrowserRequest request) {
        return signIns.mustSignInAgain(visitor.signedIn())
                || request.wantsNewer(visitor.signedIn().session().shownAt());
    }

    private Response decide(Visitor visitor) {
        Map<String, String> form = visitor.request().form();
        BrowserRequest request = requests.read(form);
        if (request.problem().isPresent()) {
            return back(visitor, request, request.failed(request.problem().get()));
        }
        if (!form.getOrDefault("decision", "").equals("allow")) {
            return back(visitor, request, request.failed(BrowserRequest.DENIED));
        }
        if (stale(visitor, request)) {
            return show(visitor, request, BrowserRequests.fields(form), 400);
        }
        String code = codes.allow(
                visitor.call(),
                visitor.signedIn(),
                request.asked().orElseThrow(),
                new CodeSignIn.Bound(request.redirect().toString(), request.challenge(), request.nonce()));
        return back(visitor, request, request.succeeded(code));
    }

    private Response back(Visitor visitor, BrowserRequest request, Map<String, String> answer) {
        if (request.mode() != BrowserRequest.Mode.FORM_POST) {
            return Html.to(request.address(answer)).with("Cache-Control", "no-store");
        }
        BackPage page = new BackPage(request.client().name(), request.redirect().toString(), answer);
        return Html.leadingTo(
                request.origin(),
                entry.html()
                        .page(
                                200,
                                "authorize-back",
                                entry.frame(visitor, "Back to the program", "", Optional.empty())
                                        .alone(AuthorizePage.ALONE),
                                page));
    }

    /** Somebody else signs in, or the same person once more, and comes back to what was asked. */
    private Response other(Visitor visitor) {
        Request request = visitor.request();
        String go = HERE + "?" + requests.arrived(request.form());
        signIn.signOut(Entry.visit(request), visitor.signedIn());
        return Html.to(Entry.SIGN_IN + "?go="
                        + URLEncoder.encode(Entry.within(Optional.of(go)), StandardCharsets.UTF_8)
                        + "&again=yes")
                .with("Set-Cookie", Cookies.take(Cookies.SESSION));
    }
}
