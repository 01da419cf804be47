package dev.keyturn.server.arm;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationStatus;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * How a request whose work goes on is answered: addresses to poll, which lead back to the authority that the client
 * used, and how long to wait. Without {@code Retry-After} azure-cli waits 30 seconds.
 */
public final class LongRunning {
    /** Seconds. Operations here take milliseconds to minutes; a poll costs one read. */
    public static final String RETRY_AFTER = "1";

    private LongRunning() {}

    /** The headers of an operation that is at work; none for one that succeeded in the request itself. */
    public static Response headers(Response response, Request request, Operation operation, String location) {
        if (operation.status() == OperationStatus.SUCCEEDED) {
            return response;
        }
        String base = request.origin()
                + ArmId.subscription(operation.target().subscription())
                        .resource("Microsoft.Compute/locations", location)
                        .child("operations", operation.id().toString());
        String version = "api-version=" + version(request);
        return response.with("Azure-AsyncOperation", base + "?" + version)
                .with("Location", base + "?monitor=true&" + version)
                .with("Retry-After", RETRY_AFTER);
    }

    /** An answer without a body: 202 while the operation is at work, 200 where it has succeeded already. */
    public static Response action(Request request, Operation operation, String location) {
        int status = operation.status() == OperationStatus.SUCCEEDED ? 200 : 202;
        return headers(Response.empty(status), request, operation, location);
    }

    public static String version(Request request) {
        return URLEncoder.encode(request.query("api-version").orElse("2024-07-01"), StandardCharsets.UTF_8);
    }
}
