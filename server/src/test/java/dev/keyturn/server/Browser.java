package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Keeps cookies and fills in forms, as a browser does, and goes nowhere by itself. */
final class Browser {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");

    private final RunningServer server;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String token = "";

    Browser(RunningServer server) {
        this.server = server;
    }

    HttpResponse<String> get(String path) throws Exception {
        HttpResponse<String> answer = keep(server.send("GET", path, "", headers()));
        Matcher found = TOKEN.matcher(answer.body());
        if (found.find()) {
            token = found.group(1);
        }
        return answer;
    }

    /** Listens to what pages are told of changes, as a script of a page does. */
    HttpResponse<InputStream> listen(Map<String, String> more) throws Exception {
        Map<String, String> headers = headers();
        headers.put("Accept", "text/event-stream");
        headers.putAll(more);
        return server.open("/portal/live", headers);
    }

    /** Looks again at a part of a page, without a person who asks for it. */
    HttpResponse<String> look(String path) throws Exception {
        Map<String, String> headers = headers();
        headers.put("X-Keyturn-By-Itself", "1");
        return keep(server.send("GET", path, "", headers));
    }

    /** With the token of the page that was looked at last. */
    HttpResponse<String> post(String path, Map<String, String> fields) throws Exception {
        Map<String, String> all = new HashMap<>(fields);
        all.put("csrf", token);
        return postAs(path, all, Map.of("Origin", "https://localhost:" + server.server.port()));
    }

    /** With these fields and headers alone. */
    HttpResponse<String> postAs(String path, Map<String, String> fields, Map<String, String> more) throws Exception {
        Map<String, String> headers = headers();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        headers.putAll(more);
        return keep(server.send("POST", path, form(fields), headers));
    }

    /** Signs in with a password that is right. */
    Browser signIn(String name, String password) throws Exception {
        get("/portal/sign-in");
        HttpResponse<String> answer = post("/portal/sign-in", Map.of("name", name, "password", password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return this;
    }

    /** Signs in although a session is there, as with the form of another tab that was left open. */
    Browser signInOver(String name, String password) throws Exception {
        String session = cookies.remove("__Host-keyturn");
        get("/portal/sign-in");
        cookies.put("__Host-keyturn", session);
        HttpResponse<String> answer = post("/portal/sign-in", Map.of("name", name, "password", password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return this;
    }

    /** Sets a password with what a one-time link carries. */
    Browser welcome(String link, String password) throws Exception {
        get("/portal/welcome?link=" + link);
        HttpResponse<String> answer =
                post("/portal/welcome", Map.of("link", link, "password", password, "again", password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return this;
    }

    String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    void plant(String name, String value) {
        cookies.put(name, value);
    }

    /** The token of the form that was looked at last. */
    String token() {
        return token;
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        if (!cookies.isEmpty()) {
            headers.put(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(e -> e.getKey() + "=" + e.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return headers;
    }

    private HttpResponse<String> keep(HttpResponse<String> answer) {
        for (String set : answer.headers().allValues("set-cookie")) {
            String pair = set.substring(0, set.indexOf(';'));
            int eq = pair.indexOf('=');
            if (set.contains("Max-Age=0")) {
                cookies.remove(pair.substring(0, eq));
            } else {
                cookies.put(pair.substring(0, eq), pair.substring(eq + 1));
            }
        }
        return answer;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
