package dev.keyturn.server.http;

import dev.keyturn.core.model.Errand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The arrival of one request over Jetty. Its body belongs to the thread that handles the request. */
final class JettyArrival implements Arrival, Errand {
    private final org.eclipse.jetty.server.Request jetty;
    private final Gates gates;
    private final String address;
    private final List<Runnable> places = new ArrayList<>();
    private Optional<String> principal = Optional.empty();
    private @Nullable BodyReader reader;
    private byte @Nullable [] body;

    JettyArrival(org.eclipse.jetty.server.Request jetty, Gates gates, String address) {
        this.jetty = jetty;
        this.gates = gates;
        this.address = address;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public byte[] body() {
        byte[] known = body;
        if (known != null) {
            return known;
        }
        if (reader != null) {
            throw new IllegalStateException("the body could not be read before");
        }
        if (principal.isEmpty() && jetty.getLength() != 0) {
            places.add(gates.enterOpenBody(address));
        }
        BodyReader made = new BodyReader(jetty, gates, principal);
        reader = made;
        byte[] read = made.read(principal.isPresent() ? HttpServer.MAX_BODY : OPEN_BODY);
        body = read;
        return read;
    }

    @Override
    public void admit(String who) {
        if (principal.isEmpty()) {
            places.add(gates.enterRequest(who));
            principal = Optional.of(who);
        }
    }

    @Override
    public String principal() {
        return principal.orElse("");
    }

    @Override
    public Watch whenAbandoned(Runnable action) {
        return HangUp.watch(jetty, action);
    }

    /** Whether the caller showed who it is. */
    boolean known() {
        return principal.isPresent();
    }

    /** Whether the connection cannot be used for anything after the answer. */
    boolean broken() {
        return reader != null && reader.broken();
    }

    /** Gives back all that the request held. */
    void leave() {
        if (reader != null) {
            reader.release();
        }
        places.forEach(Runnable::run);
        places.clear();
    }
}
