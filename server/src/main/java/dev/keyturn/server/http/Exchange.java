package dev.keyturn.server.http;

import dev.keyturn.core.model.Authority;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.Errand;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vital.FaultLog;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.json.Json;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its first byte to its last: picks the surface, reads, asks, words refusals, writes, logs one line.
 * Whatever is no refusal is a bug: the client learns the id that the log has it under and nothing else. The log has it
 * once a minute, however often it is met.
 */
final class Exchange extends Handler.Abstract {
    private static final FaultLog FAULTS = new FaultLog(LoggerFactory.getLogger(Exchange.class));
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.keyturn.access");
    private static final Pattern CLIENT_ID = Pattern.compile("[0-9A-Za-z._:{}-]{1,128}");
    private static final int LOGGED_PATH = 300;
    private static final String SEEN_BY_CLIENT = "x-ms-client-request-id";

    private final Surfaces surfaces;
    private final Gates gates;
    private final Connections connections;
    private final Streams streams;

    Exchange(Surfaces surfaces, Gates gates, Connections connections, Streams streams) {
        this.surfaces = surfaces;
        this.gates = gates;
        this.connections = connections;
        this.streams = streams;
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request jetty, org.eclipse.jetty.server.Response out, Callback callback) {
        Connections.Visit visit =
                connections.of(jetty.getConnectionMetaData().getConnection().getEndPoint());
        connections.handling(visit);
        JettyArrival arrival = new JettyArrival(jetty, gates, visit.address());
        try {
            answer(jetty, new Reply(out, callback, visit), arrival);
        } finally {
            arrival.leave();
        }
        return true;
    }

    /** Where the answer goes. */
    private record Reply(org.eclipse.jetty.server.Response out, Callback callback, Connections.Visit visit) {}

    private void answer(org.eclipse.jetty.server.Request jetty, Reply reply, JettyArrival arrival) {
        long started = System.nanoTime();
        UUID id = UUID.randomUUID();
        String requestId = id.toString();
        Optional<String> authority = RequestReader.authority(jetty);
        Surface surface = surfaces.at(Authority.host(authority.orElse("")));
        Request request = unread(jetty, authority.orElse(""));
        Response response;
        try {
            if (authority.isEmpty()) {
                throw new DomainError.Invalid(ErrorInfo.of("InvalidHostHeader", "The Host header is not a host name."))
                        .asException();
            }
            Request read = RequestReader.head(jetty, id, authority.get(), arrival);
            request = read;
            response = ScopedValue.where(Errand.CURRENT, arrival).call(() -> surface.handle(read));
        } catch (DomainException e) {
            response = surface.refuse(request, e.error());
        } catch (BadBodyException e) {
            response = surface.refuse(request, ErrorStatus.of(e));
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            response = broken(FAULTS.tell(
                    requestId, "failed: " + request.method() + " " + clipped(request.path()) + ", request id", e));
        }
        long counted = request.method().equals("GET") && response.body().length > Gates.SMALL_ANSWER
                ? response.body().length
                : 0;
        if (!gates.answers.take(counted)) {
            counted = 0;
            response = surface.refuse(request, Gates.full("bytes of answers are being sent"));
        }
        Optional<Runnable> place = Optional.empty();
        if (response.pieces().isPresent() && !request.method().equals("HEAD")) {
            try {
                place = Optional.of(gates.enterStream(arrival.principal()));
            } catch (DomainException e) {
                response = surface.refuse(request, e.error());
            }
        }
        log(request, response, requestId, started);
        try {
            headers(reply.out(), response, requestId, request);
            if (place.isPresent()) {
                arrival.leave(); // it is no request under way: it may go on for hours
                goOn(jetty, reply, response.pieces().orElseThrow(), requestId);
            } else {
                send(jetty, reply, arrival, response);
            }
        } finally {
            gates.answers.give(counted);
            place.ifPresent(Runnable::run);
        }
    }

    private void goOn(org.eclipse.jetty.server.Request jetty, Reply reply, Pieces pieces, String requestId) {
        boolean whole = false;
        try {
            whole = new Streaming(jetty, reply.out(), streams, connections, reply.visit()).send(pieces);
        } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
            FAULTS.tell(requestId, "failed while an answer went on, request id", e);
        }
        if (whole) {
            reply.callback().succeeded();
        } else {
            reply.callback().failed(new EofException("the client is gone"));
        }
    }

    private void send(org.eclipse.jetty.server.Request jetty, Reply reply, JettyArrival arrival, Response response) {
        boolean silent = bodiless(response) || jetty.getMethod().equals("HEAD");
        ByteBuffer body = silent ? ByteBuffer.allocate(0) : ByteBuffer.wrap(response.body());
        connections.answering(reply.visit(), response.body().length);
        Optional<Throwable> failure;
        try {
            failure = new Sender(jetty, reply.out()).send(body, arrival.broken(), arrival::leave);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = Optional.of(e);
        }
        connections.waiting(reply.visit(), arrival.known()); // before the next request of the connection can begin
        failure.ifPresentOrElse(reply.callback()::failed, reply.callback()::succeeded);
    }

    private static boolean bodiless(Response response) {
        return response.status() == 204 || response.status() == 304;
    }

    private static void headers(
            org.eclipse.jetty.server.Response out, Response response, String requestId, Request request) {
        out.setStatus(response.status());
        var headers = out.getHeaders();
        headers.put("x-ms-request-id", requestId);
        headers.put("x-ms-correlation-request-id", requestId);
        request.header(SEEN_BY_CLIENT)
                .filter(id -> CLIENT_ID.matcher(id).matches())
                .ifPresent(id -> headers.put(SEEN_BY_CLIENT, id));
        headers.put("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        if (!response.contentType().isEmpty()) {
            headers.put(HttpHeader.CONTENT_TYPE, response.contentType());
        }
        response.headers().forEach(headers::put);
        if (response.pieces().isPresent()) {
            headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
        } else if (!bodiless(response)) {
            headers.put(HttpHeader.CONTENT_LENGTH, response.body().length);
        }
    }

    /** No query and no headers: either may hold what is nobody's business. */
    private static void log(Request request, Response response, String requestId, long started) {
        ACCESS.info(
                "{} {} {} {} {} ms {}",
                request.authority(),
                request.method(),
                request.path(),
                response.status(),
                Duration.ofNanos(System.nanoTime() - started).toMillis(),
                requestId);
    }

    private static String clipped(String path) {
        return path.length() <= LOGGED_PATH ? path : path.substring(0, LOGGED_PATH) + "...";
    }

    private static Request unread(org.eclipse.jetty.server.Request jetty, String authority) {
        return new Request(jetty.getMethod(), authority, "/", Map.of(), Map.of(), new byte[0], Map.of());
    }

    private static Response broken(String requestId) {
        return Response.json(
                500,
                Json.object()
                        .set(
                                "error",
                                Json.object()
                                        .put("code", "InternalServerError")
                                        .put(
                                                "message",
                                                "The server encountered an internal error. Its log has the cause under"
                                                        + " request id " + requestId + ".")));
    }
}
