package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.OperationsInSight;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Handler;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The way into every page: who is signed in, whether a form is one of this server's own, and a page for what is refused.
 * Nothing of a page runs before.
 */
public final class Entry {
    public static final String SIGN_IN = "/portal/sign-in";
    public static final String OWN_PASSWORD = "/portal/me/password";
    /** The field of every form that {@link Csrf} is about. */
    public static final String TOKEN = "csrf";

    /** The header of what a page asks for without being told to by a person. */
    public static final String BY_ITSELF = "x-keyturn-by-itself";

    /** A segment of the path that leads up, as browsers read it (WHATWG URL, double-dot path segment). */
    private static final Pattern UPWARDS = Pattern.compile("^[^?#]*/(\\.|%2e){2}([/?#]|$)", Pattern.CASE_INSENSITIVE);

    private final SignIn signIn;
    private final Html html;
    private final Assets assets;
    private final Pulse pulse;
    private final OperationsInSight operations;

    public Entry(SignIn signIn, Html html, Assets assets, Pulse pulse, OperationsInSight operations) {
        this.operations = operations;
        this.signIn = signIn;
        this.html = html;
        this.assets = assets;
        this.pulse = pulse;
    }

    /** A page, or what a form leads to. */
    @FunctionalInterface
    public interface Page {
        Response show(Visitor visitor);
    }

    /** A page for who is not signed in, or is. */
    @FunctionalInterface
    public interface OpenPage {
        Response show(Request request, Optional<SignedIn> signedIn);
    }

    /** A page that reads. Who is not signed in is sent to sign in, and comes back. */
    public void page(Routes routes, String pattern, Page page) {
        routes.add(
                "GET",
                pattern,
                guarded(request -> signedIn(request)
                        .map(s -> show(request, s, page, pattern))
                        .orElseGet(() -> toSignIn(request))));
    }

    /** What a form does. It is refused where the session has ended, or where no page of that session made the form. */
    public void form(Routes routes, String pattern, Page page) {
        routes.add("POST", pattern, guarded(request -> {
            requireOwnOrigin(request);
            Optional<SignedIn> signedIn = signedIn(request);
            if (signedIn.isEmpty()) {
                return toSignIn(request);
            }
            String token = Cookies.of(request, Cookies.SESSION).orElseThrow();
            request.arrival().admit(signedIn.get().person().id().toString());
            requireToken(request, token);
            return show(request, signedIn.get(), page, pattern);
        }));
    }

    /** A page that reads, for everybody. */
    public void open(Routes routes, String pattern, OpenPage page) {
        routes.add("GET", pattern, guarded(request -> page.show(request, signedIn(request))));
    }

    /** What a form does that somebody fills in who is not signed in: held against the cookie of the form's own. */
    public void openForm(Routes routes, String pattern, OpenPage page) {
        routes.add("POST", pattern, guarded(request -> {
            requireOwnOrigin(request);
            requireToken(request, Cookies.of(request, Cookies.FORM).orElse(""));
            return page.show(request, signedIn(request));
        }));
    }

    public Frame frame(Visitor visitor, String title, String here, Optional<Frame.Said> said) {
        return new Frame(
                title,
                here,
                Optional.of(visitor.person().displayName()),
                visitor.csrf(),
                visitor.request().path(),
                said,
                assets,
                visitor.seen(),
                operations.running(visitor.call(), Frame.MANY).size(),
                List.of(),
                "");
    }

    public Frame open(Request request, String title, String csrf) {
        return new Frame(
                title, "", Optional.empty(), csrf, request.path(), Optional.empty(), assets, "", 0, List.of(), "");
    }

    /** How these are named who asked for something. */
    public Askers askers(Collection<String> names) {
        return new Askers(operations.namedSince(names));
    }

    public Html html() {
        return html;
    }

    public static Visit visit(Request request) {
        return new Visit(request.id(), Optional.empty(), request.arrival().address());
    }

    /** A path of the portal, from what a browser says; the overview where it is anything else. */
    public static String within(Optional<String> path) {
        return path.filter(p -> p.equals("/portal") || p.startsWith("/portal/"))
                .filter(p -> !p.contains("//") && !p.contains("\\") && p.length() <= 2000)
                .filter(p -> !UPWARDS.matcher(p).find())
                .filter(p -> p.chars().noneMatch(c -> c <= ' ' || c >= 127))
                .orElse("/portal");
    }

    private Response show(Request request, SignedIn signedIn, Page page, String pattern) {
        request.arrival().admit(signedIn.person().id().toString());
        if (signedIn.person().mustChange() && !pattern.equals(OWN_PASSWORD) && !pattern.endsWith("/sign-out")) {
            return Html.to(OWN_PASSWORD);
        }
        Visitor visitor =
                new Visitor(signedIn, Cookies.of(request, Cookies.SESSION).orElseThrow(), request, pulse.now());
        try {
            return page.show(visitor);
        } catch (DomainException e) {
            return refused(frame(visitor, "Not done", "", Optional.empty()), e.error(), request);
        } catch (BadBodyException e) {
            return refused(frame(visitor, "Not done", "", Optional.empty()), ErrorStatus.of(e), request);
        }
    }

    /** A page that looks again by itself says so: that is no sign that somebody is there. */
    private Optional<SignedIn> signedIn(Request request) {
        boolean byItself =
                request.method().equals("GET") && request.header(BY_ITSELF).isPresent();
        return Cookies.of(request, Cookies.SESSION).flatMap(byItself ? signIn::glance : signIn::session);
    }

    private Handler guarded(Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (DomainException e) {
                return refuse(request, e.error());
            } catch (BadBodyException e) {
                return refuse(request, ErrorStatus.of(e));
            }
        };
    }

    /** What is refused before or outside of a page. */
    public Response refuse(Request request, DomainError error) {
        return refused(open(request, "Not done", ""), error, request);
    }

    private Response refused(Frame frame, DomainError error, Request request) {
        ErrorInfo info = error.info();
        Refusal refusal = new Refusal(
                ErrorStatus.of(error),
                info.message(),
                info.details().stream().map(ErrorInfo::message).toList(),
                request.method().equals("POST")
                        ? Optional.of(within(request.header("referer").flatMap(r -> path(request, r))))
                        : Optional.empty());
        Frame told = frame.alone("There is no call for this page: it only says why something was not done.");
        return ErrorStatus.withRetry(html.page(refusal.status(), "refusal", told, refusal), error);
    }

    private static Optional<String> path(Request request, String referer) {
        return referer.startsWith(request.origin() + "/")
                ? Optional.of(referer.substring(request.origin().length()))
                : Optional.empty();
    }

    /** Whoever signs in comes back to the page, with what its address asks. A part of a page takes the whole page along. */
    private static Response toSignIn(Request request) {
        boolean part = request.header("hx-request").isPresent();
        String go = part
                ? request.header("hx-current-url")
                        .flatMap(u -> path(request, u))
                        .orElse("/portal")
                : request.method().equals("GET") ? address(request) : "/portal";
        String to = SIGN_IN + "?go=" + URLEncoder.encode(go, StandardCharsets.UTF_8);
        return part ? Response.empty(200).with("HX-Redirect", to) : Html.to(to);
    }

    private static String address(Request request) {
        String query = request.query().entrySet().stream()
                .map(e -> URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .sorted()
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? request.path() : request.path() + "?" + query;
    }

    private static void requireToken(Request request, String cookie) {
        if (cookie.isEmpty() || !Csrf.matches(cookie, request.form().getOrDefault(TOKEN, ""))) {
            throw foreign("it is not one that this server showed to this browser");
        }
    }

    /** Browsers say where a request comes from; one that says another place is no form of this server's. */
    private static void requireOwnOrigin(Request request) {
        boolean otherOrigin = request.header("origin")
                .filter(o -> !o.equals(request.origin()))
                .isPresent();
        boolean otherSite = request.header("sec-fetch-site")
                .filter(s -> !s.equals("same-origin"))
                .isPresent();
        if (otherOrigin || otherSite) {
            throw foreign("it comes from a page of somebody else's");
        }
    }

    private static RuntimeException foreign(String why) {
        return new DomainError.Forbidden(ErrorInfo.of(
                        "ForeignForm",
                        "The form was not taken: " + why + ". Nothing was changed. Open the page again and repeat it."))
                .asException();
    }
}
