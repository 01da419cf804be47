package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Somebody who is signed in to the portal, with a browser of sorts: it keeps cookies and fills in forms. */
final class PortalPerson {
    private static final Pattern TOKEN = Pattern.compile("name=\"csrf\" value=\"([^\"]+)\"");
    private static final String PASSWORD = "a good long password";

    private final ServerProcess server;
    private final Http http;
    private final String id;
    private final String name;
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private String token = "";

    private PortalPerson(ServerProcess server, Http http, String id, String name) {
        this.server = server;
        this.http = http;
        this.id = id;
        this.name = name;
    }

    /** Somebody new, without a role. */
    static PortalPerson invited(ServerProcess server, String name) {
        Http http = new Http(server.env());
        Http.Reply made = http.arm("POST", "/keyturn/people?api-version=2026-01-01", "{\"name\":\"" + name + "\"}");
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        String link = made.text("signInUrl").replaceFirst(".*link=", "");
        PortalPerson person = new PortalPerson(server, http, made.text("id"), name);
        person.get("/portal/welcome?link=" + link);
        Http.Reply in = person.post("/portal/welcome", Map.of("link", link, "password", PASSWORD, "again", PASSWORD));
        assertThat(in.status()).as(in.text()).isEqualTo(303);
        return person;
    }

    String id() {
        return id;
    }

    /** Types the code that a program shows, and goes on. */
    void allows(String code) {
        get("/portal/device");
        post("/portal/device", Map.of("code", code));
        Http.Reply done = post("/portal/device/decide", Map.of("code", code, "decision", "allow"));
        assertThat(done.status()).as(done.text()).isEqualTo(200);
    }

    /** Goes on in the browser that a program opened, and brings it the answer. */
    void allowsInBrowser(String opened) {
        Http.Reply sent = get(opened.substring(server.env().server().toString().length()));
        assertThat(sent.header("location")).as(sent.text()).startsWith("/portal/authorize?");
        Http.Reply page = get(sent.header("location"));
        Map<String, String> fields = new HashMap<>(hidden(page.text()));
        fields.put("decision", "allow");
        Http.Reply answer = post("/portal/authorize", fields);
        Matcher form = Pattern.compile("action=\"(http://[^\"]+)\"").matcher(answer.text());
        boolean posts = form.find();
        String program = posts ? form.group(1) : answer.header("location");
        assertThat(program).as(answer.text()).startsWith("http://");
        Http.Reply told = http.request(
                posts ? "POST" : "GET",
                program,
                Optional.empty(),
                posts ? form(hidden(answer.text().substring(form.start()))) : "",
                posts ? Map.of("Content-Type", "application/x-www-form-urlencoded") : Map.of());
        assertThat(told.status()).as(told.text()).isEqualTo(200);
    }

    private static Map<String, String> hidden(String page) {
        Map<String, String> fields = new HashMap<>();
        Matcher field = Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
                .matcher(page);
        while (field.find()) {
            fields.put(
                    field.group(1),
                    field.group(2)
                            .replace("&#34;", "\"")
                            .replace("&#39;", "'")
                            .replace("&lt;", "<")
                            .replace("&amp;", "&"));
        }
        return fields;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    void signsIn() {
        get("/portal/sign-in");
        assertThat(post("/portal/sign-in", Map.of("name", name, "password", PASSWORD))
                        .status())
                .isEqualTo(303);
    }

    void signsOutEverywhere() {
        get("/portal/me");
        assertThat(post("/portal/me/sign-out-everywhere", Map.of()).status()).isEqualTo(303);
    }

    Http.Reply get(String path) {
        Http.Reply reply = keep(http.request("GET", server.env().server() + path, Optional.empty(), "", headers()));
        Matcher found = TOKEN.matcher(reply.text());
        if (found.find()) {
            token = found.group(1);
        }
        return reply;
    }

    /** With the token of the page that was looked at last. */
    Http.Reply post(String path, Map<String, String> fields) {
        Map<String, String> headers = headers();
        headers.put("Content-Type", "application/x-www-form-urlencoded");
        Map<String, String> all = new HashMap<>(fields);
        all.put("csrf", token);
        return keep(http.request("POST", server.env().server() + path, Optional.empty(), form(all), headers));
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

    private Http.Reply keep(Http.Reply reply) {
        for (String set : reply.headers().allValues("set-cookie")) {
            String pair = set.substring(0, set.indexOf(';'));
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return reply;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
