package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.wire.BadBodyException;
import dev.keyturn.wire.Json;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request from its first byte to its last: picks the surface, reads, asks, words refusals, writes, logs one line.
 * Whatever is no refusal is a bug: the client learns the request id and nothing else, the log has the rest once.
 */
final class Exchange extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.keyturn.access");
    private static final Pattern CLIENT_ID = Pattern.compile("[0-9A-Za-z._:{}-]{1,128}");
    private static final String SEEN_BY_CLIENT = "x-ms-client-request-id";

    private final Surfaces surfaces;
    private final RequestReader reader;

    Exchange(Surfaces surfaces, int maxBody) {
        this.surfaces = surfaces;
        this.reader = new RequestReader(maxBody);
    }

    @Override
    public boolean handle(
            org.eclipse.jetty.server.Request jetty, org.eclipse.jetty.server.Response out, Callback callback) {
        long started = System.nanoTime();
        String requestId = UUID.randomUUID().toString();
        Optional<String> authority = RequestReader.authority(jetty);
        Surface surface = surfaces.at(RequestReader.host(authority.orElse("")));
        Request request = unread(jetty, authority.orElse(""));
        Response response;
        try {
            if (authority.isEmpty()) {
                throw new DomainError.Invalid(ErrorInfo.of("InvalidHostHeader", "The Host header is not a host name."))
                        .asException();
            }
            request = RequestReader.head(jetty, authority.get());
            request = request.withBody(reader.body(jetty));
            response = surface.handle(request);
        } catch (DomainException e) {
            response = surface.refuse(request, e.error());
        } catch (BadBodyException e) {
            response = surface.refuse(request, ErrorStatus.of(e));
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("request {} {} {} failed", requestId, request.method(), request.path(), e);
            response = broken(requestId);
        }
        write(jetty, out, callback, response, requestId, request);
        log(request, response, requestId, started);
        return true;
    }

    private static void write(
            org.eclipse.jetty.server.Request jetty,
            org.eclipse.jetty.server.Response out,
            Callback callback,
            Response response,
            String requestId,
            Request request) {
        out.setStatus(response.status());
        var headers = out.getHeaders();
        headers.put("x-ms-request-id", requestId);
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
        boolean bodiless = response.status() == 204 || response.status() == 304;
        if (!bodiless) {
            headers.put(HttpHeader.CONTENT_LENGTH, response.body().length);
        }
        boolean silent = bodiless || jetty.getMethod().equals("HEAD");
        out.write(true, silent ? ByteBuffer.allocate(0) : ByteBuffer.wrap(response.body()), callback);
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
