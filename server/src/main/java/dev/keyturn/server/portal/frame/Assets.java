package dev.keyturn.server.portal.frame;

import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.http.Request;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Style, script and pictures. Each has the hash of its content in its address, so that a browser may keep it for ever and
 * never shows an old one.
 */
public final class Assets {
    private static final String ROOT = "/portal/static/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final Map<String, String> FILES = Map.of(
            "portal.css", "/portal/portal.css",
            "portal.js", "/portal/portal.js",
            "live.js", "/portal/live.js",
            "passkey.js", "/portal/passkey.js",
            "icon.svg", "/portal/icon.svg",
            "htmx.js", "/META-INF/resources/webjars/htmx.org/2.0.10/dist/htmx.min.js");
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Response> byAddress = new HashMap<>();

    public Assets() {
        FILES.forEach((name, path) -> {
            byte[] content = read(path);
            int dot = name.lastIndexOf('.');
            String type =
                    Optional.ofNullable(TYPES.get(name.substring(dot + 1))).orElseThrow();
            String address = name.substring(0, dot) + "-" + hash(content) + name.substring(dot);
            addresses.put(name, ROOT + address);
            byAddress.put(address, new Response(200, Map.of("Cache-Control", FOR_EVER), type, content));
        });
    }

    /** The address of {@code portal.css} and so on. */
    public String at(String name) {
        return Optional.ofNullable(addresses.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no file " + name));
    }

    public void addTo(Routes routes) {
        routes.add("GET", ROOT + "{file}", this::get);
    }

    private Response get(Request request) {
        return Optional.ofNullable(byAddress.get(request.variable("file")))
                .orElseThrow(() ->
                        new DomainError.NotFound(ErrorInfo.of("NotFound", "There is no such file.")).asException());
    }

    private static byte[] read(String path) {
        try (InputStream in = Assets.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is missing from the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(byte[] content) {
        try {
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(content);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(sha).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
