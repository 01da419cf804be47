package dev.keyturn.server.portal.frame;

import dev.keyturn.server.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.regex.Pattern;

/** Renders pages, with the headers that hold a browser to what this server sends. Thread-safe. */
public final class Html {
    public static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final Pattern PROGRAM = Pattern.compile("http://(localhost|127\\.0\\.0\\.1)(:[0-9]{1,5})?");

    private static final Map<String, String> GUARDS = Map.of(
            "Content-Security-Policy", POLICY,
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()");

    private final TemplateEngine engine = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Html.class.getClassLoader(), "dev.keyturn.server.portal.templates");

    /** {@code template} without {@code .jte}; the page's record is its parameter {@code page}. */
    public Response page(int status, String template, Frame frame, Object page) {
        Utf8ByteOutput output = new Utf8ByteOutput();
        engine.render(template + ".jte", Map.of("frame", frame, "page", page), output);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(output.getContentLength());
        try {
            output.writeTo(bytes::write);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Response(status, GUARDS, "text/html; charset=utf-8", bytes.toByteArray());
    }

    /** A file that a page hands out, held to this server as pages are. */
    public static Response held(Response file) {
        Response held = file;
        for (Map.Entry<String, String> guard : GUARDS.entrySet()) {
            held = held.with(guard.getKey(), guard.getValue());
        }
        return held;
    }

    /** A page whose forms may lead to this program on the reader's own machine as well, {@code http://localhost:PORT}. */
    public static Response leadingTo(String program, Response page) {
        if (!PROGRAM.matcher(program).matches()) {
            throw new IllegalArgumentException("no program on the reader's machine: " + program);
        }
        return page.with(
                "Content-Security-Policy", POLICY.replace("form-action 'self'", "form-action 'self' " + program));
    }

    /** To another page of the portal, which is fetched with GET. */
    public static Response to(String path) {
        return new Response(303, Map.of("Location", path), "", new byte[0]);
    }
}
