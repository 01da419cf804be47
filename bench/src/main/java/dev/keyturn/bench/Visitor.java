package dev.keyturn.bench;

import dev.keyturn.cli.client.Api;
import dev.keyturn.cli.client.Trust;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A person who is signed in to the portal, on one connection. */
final class Visitor implements AutoCloseable {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final String PASSWORD = "only for this measurement";

    private final URI server;
    private final HttpClient client;

    private Visitor(URI server, HttpClient client) {
        this.server = server;
        this.client = client;
    }

    /** The administrator, by a new one-time link. */
    static Visitor signIn(Api api) throws IOException, InterruptedException {
        String link = api.own("POST", "/keyturn/people/admin/resetPassword", Optional.empty())
                .text("signInUrl");
        HttpClient client = HttpClient.newBuilder()
                .sslContext(Trust.in(api.env().caFile()))
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build();
        Visitor visitor = new Visitor(api.env().server(), client);
        String path = link.substring(link.indexOf("/portal/"));
        Matcher csrf = CSRF.matcher(visitor.get(path, 200));
        if (!csrf.find()) {
            throw new IllegalStateException("the page of the link has no form");
        }
        String form = "csrf=" + encoded(csrf.group(1)) + "&link=" + path.substring(path.indexOf('=') + 1) + "&password="
                + encoded(PASSWORD) + "&again=" + encoded(PASSWORD);
        HttpRequest post = HttpRequest.newBuilder(visitor.server.resolve("/portal/welcome"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", visitor.server.resolve("/").toString().replaceAll("/$", ""))
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        visitor.send(post, 303);
        return visitor;
    }

    /** The page, which has to be there. */
    String get(String path) throws IOException, InterruptedException {
        return get(path, 200);
    }

    private String get(String path, int status) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server.resolve(path)).build(), status);
    }

    private String send(HttpRequest request, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status) {
            throw new IllegalStateException(request.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
