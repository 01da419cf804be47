package dev.keyturn.server.portal.grants;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.oauth.ClientSignIns;
import dev.keyturn.core.oauth.DeviceCode;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.identity.SignInLimits;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.grants.DevicePage.Done;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a person types the code that a program without a browser shows, sees who asks, and allows it or not. */
public final class DevicePages {
    private static final String HERE = "/portal/device";

    /** Longer is no code. */
    private static final int LONGEST = 40;

    private final Entry entry;
    private final DeviceSignIn devices;
    private final ClientSignIns signIns;
    private final SignInLimits limits;

    public DevicePages(Entry entry, OAuth oauth, SignInLimits limits) {
        this.entry = entry;
        this.devices = oauth.devices();
        this.signIns = oauth.signIns();
        this.limits = limits;
    }

    public void addTo(Routes routes) {
        // who comes back from signing in again finds the code typed; nothing is looked for before it is sent
        entry.page(routes, HERE, v -> show(v, 200, brought(v), Optional.empty(), Optional.empty(), List.of()));
        entry.form(routes, HERE, this::look);
        entry.form(routes, HERE + "/decide", this::decide);
    }

    private Response look(Visitor visitor) {
        String typed = typed(visitor);
        Optional<DeviceCode> waiting = guessed(visitor, () -> devices.waiting(typed));
        return waiting.isPresent()
                ? show(visitor, 200, typed, waiting, Optional.empty(), List.of())
                : show(
                        visitor,
                        typed.isEmpty() ? 400 : 404,
                        typed,
                        Optional.empty(),
                        Optional.empty(),
                        List.of("No program waits with this code. A code has eight letters, and is good once, for "
                                + DeviceSignIn.LIFETIME.toMinutes() + " minutes."));
    }

    private Response decide(Visitor visitor) {
        String typed = typed(visitor);
        Map<String, String> form = visitor.request().form();
        boolean allow = form.getOrDefault("decision", "").equals("allow");
        try {
            Optional<DeviceCode> decided = guessed(
                    visitor,
                    () -> Optional.of(
                            allow ? devices.allow(visitor.call(), visitor.signedIn(), typed) : devices.refuse(typed)));
            return show(
                    visitor,
                    200,
                    "",
                    Optional.empty(),
                    decided.map(d -> new Done(allow, d.asked().client().name())),
                    List.of());
        } catch (DomainException e) {
            if (e.error().info().code().equals(DeviceSignIn.SIGN_IN_AGAIN)) {
                right(visitor);
                return Html.to(signInAgain(typed));
            }
            if (!(e.error() instanceof DomainError.NotFound)) {
                throw e;
            }
            return show(
                    visitor,
                    404,
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    List.of(e.error().info().message()));
        }
    }

    @FunctionalInterface
    private interface Try {
        Optional<DeviceCode> make();
    }

    /** Codes are short, so wrong ones are counted, before they are looked for. */
    private Optional<DeviceCode> guessed(Visitor visitor, Try tried) {
        String address = visitor.request().arrival().address();
        Optional<Duration> wait = limits.begin(address, who(visitor), true);
        if (wait.isPresent()) {
            throw new DomainError.Throttled(
                            ErrorInfo.of(
                                    "TooManySignIns",
                                    "There were too many wrong codes. Wait "
                                            + Math.max(1, wait.get().toSeconds()) + " seconds, then try again."),
                            wait.get())
                    .asException();
        }
        Optional<DeviceCode> found = tried.make();
        found.ifPresent(_ -> right(visitor));
        return found;
    }

    private void right(Visitor visitor) {
        limits.succeeded(visitor.request().arrival().address(), who(visitor), true);
    }

    private static String who(Visitor visitor) {
        return "device code " + visitor.person().id();
    }

    static String signInAgain(String code) {
        String back = HERE + "?code=" + URLEncoder.encode(code, StandardCharsets.UTF_8);
        return Entry.SIGN_IN + "?again=yes&go=" + URLEncoder.encode(back, StandardCharsets.UTF_8);
    }

    private static String brought(Visitor visitor) {
        return visitor.request()
                .query("code")
                .map(String::strip)
                .filter(c -> c.length() <= LONGEST)
                .orElse("");
    }

    private static String typed(Visitor visitor) {
        return visitor.request().form().getOrDefault("code", "").strip();
    }

    private Response show(
            Visitor visitor,
            int status,
            String code,
            Optional<DeviceCode> waiting,
            Optional<Done> done,
            List<String> problems) {
        DevicePage page = new DevicePage(
                code,
                waiting,
                signIns.mustSignInAgain(visitor.signedIn()),
                signIns.until(visitor.signedIn().person().id()),
                done,
                problems);
        return entry.html()
                .page(
                        status,
                        "device",
                        entry.frame(visitor, "Sign in to a program", "", Optional.empty())
                                .alone(AuthorizePage.ALONE),
                        page);
    }
}
