package dev.keyturn.server.identity;

import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.openid.connect.sdk.Prompt;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.server.identity.BrowserRequest.Mode;
import dev.keyturn.server.identity.BrowserRequest.Problem;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads what a client sends with the browser that it opens. Client and redirect are looked at first: where these are
 * wrong, nothing goes anywhere. Thread-safe.
 */
public final class BrowserRequests {
    /** The field that says when the request arrived; this server's own, and of nobody else. */
    private static final String MARK = "asked_at";

    /** What is carried on to the page; everything else that clients send tells nothing here. */
    private static final List<String> FIELDS = List.of(
            "client_id",
            "redirect_uri",
            "response_type",
            "response_mode",
            "scope",
            "resource",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            MARK,
            "max_age",
            "login_hint");

    /** Without the mark; with more the page would not be come back to after a sign-in ({@code Entry.within}). */
    private static final int LONGEST = 1900;

    /** As the pages' policy takes it ({@code portal.frame.Html}). */
    private static final Pattern OWN_MACHINE = Pattern.compile("(localhost|127\\.0\\.0\\.1)(:[0-9]{1,5})?");

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final AskedScopes scopes;
    private final AskedAt askedAt;

    public BrowserRequests(Audiences audiences, Issuers issuers, AskedAt askedAt) {
        this.askedAt = askedAt;
        this.scopes = new AskedScopes(audiences, issuers.home() + "/arm");
    }

    /** What of it counts, in the order in which it is told. */
    public static Map<String, String> fields(Map<String, String> sent) {
        Map<String, String> out = new LinkedHashMap<>();
        FIELDS.stream().filter(sent::containsKey).forEach(f -> out.put(f, sent.getOrDefault(f, "")));
        return out;
    }

    /** The same of a request that arrives now, as an address's query; a mark that it brings counts for nothing. */
    public String arrived(Map<String, String> sent) {
        Map<String, String> all = fields(sent);
        all.remove(MARK);
        if (wantsSignIn(sent)) {
            all.put(MARK, askedAt.now(sent));
        }
        return query(all);
    }

    /** As {@link #rest} reads it: a request that wants a sign-in and got no mark would never have had one. */
    private static boolean wantsSignIn(Map<String, String> sent) {
        try {
            Prompt prompt = Prompt.parse(sent.getOrDefault("prompt", ""));
            return prompt != null && prompt.contains(Prompt.Type.LOGIN);
        } catch (ParseException e) {
            return false; // the page refuses it
        }
    }

    /** As an address's query. */
    private static String query(Map<String, String> sent) {
        return fields(sent).entrySet().stream()
                .map(f -> f.getKey() + "=" + URLEncoder.encode(f.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /**
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where the client or where the answer should go is
     *     wrong, so that nobody can be told but the person
     */
    public BrowserRequest read(Map<String, String> sent) {
        PublicClient client = PublicClient.find(sent.getOrDefault("client_id", ""))
                .orElseThrow(
                        () -> wrong(
                                "UnknownClient",
                                "People sign in with the client ids of Azure CLI and of Azure's SDKs; 'client_id' is none of them."));
        URI redirect = Optional.ofNullable(sent.get("redirect_uri"))
                .flatMap(BrowserRequests::ownMachine)
                .orElseThrow(() -> wrong(
                        "UnknownRedirect",
                        "'redirect_uri' must be a program on the person's own machine, http://localhost:PORT or"
                                + " http://127.0.0.1:PORT, without a query."));
        String mode = sent.getOrDefault("response_mode", "query");
        Optional<Mode> known = mode(mode);
        Read read = known.isEmpty()
                ? Read.wrong("invalid_request", "'response_mode' must be query, fragment or form_post.")
                : rest(sent, client);
        return new BrowserRequest(
                client,
                redirect,
                known.orElse(Mode.QUERY),
                Optional.ofNullable(sent.get("state")),
                read.problem(),
                read.asked(),
                sent.getOrDefault("code_challenge", ""),
                Optional.ofNullable(sent.get("nonce")),
                Optional.ofNullable(sent.get("login_hint")),
                read.fresh(),
                askedAt.read(sent.getOrDefault(MARK, ""), sent),
                read.silent());
    }

    private record Read(Optional<Problem> problem, Optional<Asked> asked, boolean fresh, boolean silent) {
        static Read wrong(String error, String description) {
            return new Read(Optional.of(new Problem(error, description)), Optional.empty(), false, false);
        }
    }

    private Read rest(Map<String, String> sent, PublicClient client) {
        Map<String, String> own = fields(sent);
        own.remove(MARK);
        if (query(own).length() > LONGEST) {
            return Read.wrong("invalid_request", "The request has more than " + LONGEST + " characters.");
        }
        if (sent.containsKey("max_age")) {
            return Read.wrong("invalid_request", "'max_age' is not served; send prompt=login for a fresh sign-in.");
        }
        AuthorizationRequest parsed;
        try {
            Map<String, List<String>> lists = new LinkedHashMap<>();
            own.forEach((name, value) -> lists.put(name, List.of(value)));
            lists.remove("resource"); // RFC 8707 wants an absolute URI, ADAL sends what it likes
            parsed = AuthorizationRequest.parse(lists);
        } catch (ParseException e) {
            return Read.wrong("invalid_request", "The request cannot be read: " + e.getMessage() + ".");
        }
        if (!parsed.getResponseType().equals(ResponseType.CODE)) {
            return Read.wrong("unsupported_response_type", "'response_type' must be code.");
        }
        if (!CodeChallengeMethod.S256.equals(parsed.getCodeChallengeMethod())
                || !CHALLENGE.matcher(sent.getOrDefault("code_challenge", "")).matches()) {
            return Read.wrong(
                    "invalid_request",
                    "'code_challenge' must be there, with 'code_challenge_method' S256 (RFC 7636): the client keeps no"
                            + " secret, so this alone shows that it is the one that asked.");
        }
        AskedScopes.Read asked = scopes.read(client, sent);
        if (asked.asked().isEmpty()) {
            return Read.wrong(asked.error(), asked.problem());
        }
        Prompt prompt = Optional.ofNullable(parsed.getPrompt()).orElseGet(Prompt::new);
        return new Read(
                Optional.empty(), asked.asked(), prompt.contains(Prompt.Type.LOGIN), prompt.contains(Prompt.Type.NONE));
    }

    private static Optional<Mode> mode(String text) {
        return switch (text) {
            case "query" -> Optional.of(Mode.QUERY);
            case "fragment" -> Optional.of(Mode.FRAGMENT);
            case "form_post" -> Optional.of(Mode.FORM_POST);
            default -> Optional.empty();
        };
    }

    private static Optional<URI> ownMachine(String text) {
        try {
            URI uri = URI.create(text);
            boolean plain = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
            return Optional.of(uri)
                    .filter(u -> plain
                            && "http".equals(u.getScheme())
                            && OWN_MACHINE
                                    .matcher(Optional.ofNullable(u.getRawAuthority())
                                            .orElse(""))
                                    .matches()
                            && text.length() <= 200);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static RuntimeException wrong(String code, String message) {
        return new DomainError.Invalid(ErrorInfo.of(code, message + " Nobody was signed in.")).asException();
    }
}
