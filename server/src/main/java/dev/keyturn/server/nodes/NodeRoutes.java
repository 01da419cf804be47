package dev.keyturn.server.nodes;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.host.remote.Answering;
import dev.keyturn.host.remote.HostEndpoint;
import dev.keyturn.host.remote.WireCall;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.io.ByteArrayOutputStream;
import java.security.Key;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door that only nodes of this installation come through: what one of them asks of a host that this node serves. Who
 * has no seal is told nothing, not even whether there is such a host, and no body of it is read. Nothing is recorded here:
 * the node that calls records what its people ask for. Thread-safe.
 */
public final class NodeRoutes {
    static final String PREFIX = "/keyturn/nodes/hosts/";

    private static final Logger LOG = LoggerFactory.getLogger(NodeRoutes.class);

    private final LeaseOwner self;
    private final Key key;
    private final Clock clock;
    private final Function<String, Optional<HostEndpoint>> served;
    private final Nonces nonces = new Nonces();

    /** @param served the ends of the hosts that this node serves, by name */
    public NodeRoutes(LeaseOwner self, Key key, Clock clock, Function<String, Optional<HostEndpoint>> served) {
        this.self = self;
        this.key = key;
        this.clock = clock;
        this.served = served;
    }

    public void addTo(Routes open) {
        open.add("POST", PREFIX + "{host}/{call}", this::answer);
    }

    private Response answer(Request request) {
        String host = request.variable("host");
        String word = request.variable("call");
        NodeSeal seal = NodeSeal.open(key, request, host, word)
                .filter(s -> nonces.take(s, clock.instant()))
                .orElseThrow(NodeRoutes::unknown);
        // each call by itself: the limits per principal are for people, and a node has as many calls as operations
        request.arrival().admit("node " + seal.from() + " " + seal.nonce());
        byte[] body = request.body();
        if (!seal.covers(body)) {
            Arrays.fill(body, (byte) 0);
            throw unknown();
        }
        Optional<WireCall> call = WireCall.of(word);
        Optional<HostEndpoint> endpoint = served.apply(host);
        if (!seal.isFor(self) || call.isEmpty() || endpoint.isEmpty()) {
            Arrays.fill(body, (byte) 0);
            LOG.warn(
                    "node {} asked for host '{}' ({}), which this start of this node does not serve",
                    seal.from(),
                    host,
                    word);
            return whole(Answering.refused(notHere(host)));
        }
        Answering answering = endpoint.get().begin(call.get(), body);
        return call.get().question()
                ? whole(answering)
                : Response.of(Framing.TYPE, () -> answering.next().map(Framing::framed));
    }

    /** A question is answered within the host's patience, so that the connection can be used again. */
    private static Response whole(Answering answering) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (Optional<byte[]> frame = answering.next(); frame.isPresent(); frame = answering.next()) {
                all.writeBytes(Framing.framed(frame.get()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DomainError.Unavailable(ErrorInfo.of("ServerStops", "This node stops.")).asException();
        }
        return new Response(200, Map.of(), Framing.TYPE, all.toByteArray());
    }

    private static DomainError notHere(String host) {
        return new DomainError.Unavailable(ErrorInfo.at(
                host, "HostNotReachable", "The host '" + host + "' is not served by the node that was asked for it."));
    }

    /** In the same words whatever is wrong. */
    private static RuntimeException unknown() {
        return new DomainError.Unauthenticated(
                        ErrorInfo.of("NodeNotKnown", "This door is for the nodes of this installation alone."))
                .asException();
    }
}
