package dev.keyturn.acceptance;

import dev.keyturn.cli.client.Trust;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser of sorts, in which somebody signs in: it follows redirects and fills in the forms of a foreign provider. */
final class Walker {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
    private static final Pattern PROMPT = Pattern.compile("name=\"prompt\" value=\"(login|consent)\"");
    private static final int MOST_STEPS = 20;

    private final HttpClient client;
    private final String keyturn;
    private final String login;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private int logins;

    /** @param login what is typed where the provider asks who it is */
    Walker(Path trusted, String keyturn, String login) {
        this.client = HttpClient.newBuilder()
                .sslContext(Trust.in(trusted))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.keyturn = keyturn;
        this.login = login;
    }

    /** A page where the walk ends. */
    record Seen(URI at, int status, String text) {}

    /** How often the provider asked who it is. */
    int logins() {
        return logins;
    }

    /** Goes on as long as there is a redirect, or the provider asks something. */
    Seen go(String target) {
        URI at = URI.create(keyturn).resolve(target);
        HttpResponse<String> answer = send("GET", at, Map.of());
        for (int i = 0; i < MOST_STEPS; i++) {
            Matcher prompt = PROMPT.matcher(answer.body());
            if (answer.statusCode() / 100 == 3) {
                at = at.resolve(answer.headers().firstValue("location").orElseThrow());
                answer = send("GET", at, Map.of());
            } else if (prompt.find()) {
                Map<String, String> fields = new LinkedHashMap<>(Map.of("prompt", prompt.group(1)));
                if (prompt.group(1).equals("login")) {
                    logins++;
                    fields.put("login", login);
                    fields.put("password", "whatever");
                }
                at = at.resolve(action(answer.body()));
                answer = send("POST", at, fields);
            } else {
                return new Seen(at, answer.statusCode(), answer.body());
            }
        }
        throw new AssertionError("the walk to " + target + " does not end");
    }

    /** A form of the portal, with the token of that page; the answer as it is. */
    HttpResponse<String> post(Seen page, String path, Map<String, String> fields) {
        Matcher token = CSRF.matcher(page.text());
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("csrf", token.find() ? token.group(1) : "");
        return send("POST", URI.create(keyturn).resolve(path), all);
    }

    /** The only form of a page of the provider's, with these fields. */
    HttpResponse<String> fill(Seen page, Map<String, String> fields) {
        Map<String, String> all = new LinkedHashMap<>(fields);
        Matcher hidden = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
                .matcher(page.text());
        while (hidden.find()) {
            all.put(hidden.group(1), hidden.group(2));
        }
        return send("POST", page.at().resolve(action(page.text())), all);
    }

    private static String action(String text) {
        Matcher action = ACTION.matcher(text);
        if (!action.find()) {
            throw new AssertionError("there is no form: " + text);
        }
        return action.group(1).replace("&amp;", "&");
    }

    private HttpResponse<String> send(String method, URI at, Map<String, String> fields) {
        String form = fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(at)
                .timeout(Duration.ofSeconds(30))
                .method(
                        method,
                        form.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(form));
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            answer.headers().allValues("set-cookie").forEach(this::keep);
            return answer;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String set) {
        String pair = set.split(";")[0];
        int eq = pair.indexOf('=');
        if (eq == pair.length() - 1 || set.contains("Max-Age=0") || set.contains("expires=Thu, 01 Jan 1970")) {
            cookies.remove(pair.substring(0, eq));
        } else {
            cookies.put(pair.substring(0, eq), pair.substring(eq + 1));
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
