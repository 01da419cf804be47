package dev.keyturn.server.portal.live;

import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.server.http.Pieces;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Entry;
import dev.keyturn.server.portal.frame.Pulse;
import dev.keyturn.server.portal.frame.Visitor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells pages that something may have changed, as server-sent events (WHATWG HTML, section 9.2). What changed, and what of
 * it somebody may see, the page learns by asking again for what it shows. So nothing is decided here.
 */
public final class LivePages {
    private static final String HERE = "/portal/live";
    private static final String EVENTS = "text/event-stream";

    private final Entry entry;
    private final SignIn signIn;
    private final Pulse pulse;

    public LivePages(Entry entry, SignIn signIn, Pulse pulse) {
        this.entry = entry;
        this.signIn = signIn;
        this.pulse = pulse;
    }

    public void addTo(Routes routes) {
        entry.page(routes, HERE, this::tell);
    }

    /** Who asks for no events gets the present moment. */
    private Response tell(Visitor visitor) {
        Request request = visitor.request();
        if (!request.header("accept").orElse("").contains(EVENTS)) {
            return Response.text(200, "text/plain; charset=utf-8", pulse.now());
        }
        // a browser that was cut off says itself what it heard last
        String seen =
                request.header("last-event-id").or(() -> request.query("since")).orElse("");
        return Response.of(EVENTS, new Beats(visitor.token(), seen));
    }

    /** What one page is told, for as long as its session lasts. */
    private final class Beats implements Pieces {
        /** More often nobody wants to look. */
        private static final Duration PAUSE = Duration.ofSeconds(1);
        /** Proxies and browsers take a longer silence for the end. */
        private static final Duration SILENCE = Duration.ofSeconds(15);

        private final String token;
        private String seen;
        private boolean begun;
        private boolean over;
        private long last = System.nanoTime() - PAUSE.toNanos();

        Beats(String token, String seen) {
            this.token = token;
            this.seen = seen;
        }

        @Override
        public Optional<byte[]> next() throws InterruptedException {
            if (!begun) {
                begun = true;
                return piece("retry: 2000\n\n");
            }
            if (over) {
                return Optional.empty();
            }
            Thread.sleep(Duration.ofNanos(Math.max(0, last + PAUSE.toNanos() - System.nanoTime())));
            String now = pulse.after(seen, SILENCE);
            if (!signedIn()) {
                over = true;
                return piece("event: over\ndata: signed out\n\n");
            }
            if (now.equals(seen)) {
                return piece(":\n\n");
            }
            seen = now;
            last = System.nanoTime();
            return piece("event: change\nid: " + now + "\ndata: " + now + "\n\n");
        }

        private boolean signedIn() {
            try {
                return signIn.glance(token).isPresent();
            } catch (DomainException e) {
                return true; // the store does not answer now, which says nothing of the session
            }
        }

        private static Optional<byte[]> piece(String text) {
            return Optional.of(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
