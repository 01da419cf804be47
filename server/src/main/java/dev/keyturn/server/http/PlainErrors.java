package dev.keyturn.server.http;

import dev.keyturn.json.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses before any surface sees it (a broken request line, oversized headers, a server that drains). */
final class PlainErrors extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String code = HttpStatus.getMessage(status).replace(" ", "");
        byte[] body = Json.bytes(Json.object()
                .set(
                        "error",
                        Json.object().put("code", code).put("message", "The request was refused: " + code + ".")));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json; charset=utf-8");
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
