package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.identity.Action;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route asks. A principal without any role calls each; what the server recorded of the refusal says which action
 * was asked for, and where. That is the table in docs/permissions.md, which {@code -D}{@value #WRITE}{@code =true} writes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoorsTest {
    private static final String WRITE = "keyturn.doors.write";

    /** What came of the calls to one route. */
    private record Called(Route route, Nobody.Outcome asNobody, Nobody.Outcome withoutToken) {
        boolean forAnyCaller() {
            return route.open().or(route::anyToken).or(route::nodes).isPresent();
        }

        @Override
        public String toString() {
            return route + ": " + asNobody.answer().statusCode() + " "
                    + asNobody.answer().body() + "; without a token "
                    + withoutToken.answer().statusCode();
        }
    }

    private final List<Called> calls = new ArrayList<>();
    private Nobody nobody;

    @BeforeAll
    void callEveryRoute(@TempDir Path directory) throws Exception {
        nobody = new Nobody(directory.resolve("data"));
        for (Route route : Route.all(nobody.api())) {
            calls.add(new Called(route, nobody.call(route, true), nobody.call(route, false)));
        }
    }

    @AfterAll
    void stop() {
        nobody.close();
    }

    @Test
    void whoHasNoToken_isToldToGetOne_whereTheRouteIsNotOpen() {
        assertThat(calls).hasSizeGreaterThan(150);
        assertThat(wrong(c -> {
                    int status = c.withoutToken().answer().statusCode();
                    if (c.route().isPage()) {
                        return c.route().open().isPresent() ? status < 500 : status == 303;
                    }
                    return c.route().open().isPresent() ? status < 500 && status != 401 : status == 401;
                }))
                .isEmpty();
    }

    /** A route that asks for nothing has its reason in {@link Route}. */
    @Test
    void whoHasNoRole_isRefused_whereTheRouteIsNotForAnyCaller() {
        assertThat(wrong(c -> {
                    int status = c.asNobody().answer().statusCode();
                    return c.forAnyCaller()
                            ? status < 500 && (status != 403 || c.route().open().isPresent())
                            : status == 403;
                }))
                .isEmpty();
    }

    @Test
    void everyRefusal_isRecorded_withTheActionThatWasAskedFor() {
        assertThat(wrong(c -> c.asNobody().refusal().isPresent() != c.forAnyCaller()
                        && c.asNobody().refusal().stream()
                                .allMatch(r -> r.outcome() == Outcome.REFUSED
                                        && Action.find(r.action()).isPresent())))
                .isEmpty();
    }

    /** What only the body or the state shows, what widens a list, and what nobody can ask for. */
    private static final Set<Action> ASKED_BEHIND_THE_ROUTE = Set.of(
            Action.AUDIT_CUT,
            Action.IDENTITY_ASSIGN,
            Action.NETWORK_INTERFACE_JOIN,
            Action.OWN_PASSKEY_DELETE,
            Action.OWN_PASSKEY_WRITE,
            Action.RESOURCES_READ,
            Action.SIGN_IN,
            Action.SIGN_OUT);

    /** An action that nothing asks for is a right that gives nothing. */
    @Test
    void everyAction_isAskedForByARoute() {
        Set<Action> asked = EnumSet.copyOf(ASKED_BEHIND_THE_ROUTE);
        calls.forEach(c ->
                c.asNobody().refusal().flatMap(r -> Action.find(r.action())).ifPresent(asked::add));

        assertThat(EnumSet.allOf(Action.class)).isEqualTo(asked);
    }

    private List<Called> wrong(Predicate<Called> right) {
        return calls.stream().filter(right.negate()).toList();
    }

    @Test
    void thePage_saysWhatEveryRouteAsks() throws Exception {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        for (Called c : calls) {
            rows.computeIfAbsent(c.route().host(), _ -> new ArrayList<>()).add(row(c));
        }
        String page = DoorsPage.with(rows);
        if (Boolean.getBoolean(WRITE)) {
            DoorsPage.write(page);
        }
        assertThat(DoorsPage.committed())
                .as("docs/permissions.md; -D" + WRITE + "=true writes it")
                .isEqualTo(page);
    }

    private String row(Called c) {
        String asks = c.route()
                .open()
                .map(why -> (c.route().isPage() ? "nobody: " : "no token: ") + why + " | ")
                .or(() -> c.route()
                        .anyToken()
                        .map(why -> (c.route().isPage() ? "any person: " : "any token: ") + why + " | "))
                .or(() -> c.route().nodes().map(why -> "another node: " + why + " | "))
                .or(() -> c.asNobody().refusal().map(r -> "`" + r.action() + "` | " + where(r)))
                .orElse("nothing |");
        return "| `" + c.route().method() + " " + c.route().template() + "` | " + asks + " |";
    }

    /** The scope in words: what of the path it is. */
    private String where(AuditRecord refused) {
        String scope = refused.scope().replace(nobody.subscription(), "{}");
        Matcher hsm = Pattern.compile("/hsm(/[^/]+(/keys(/.+)?)?)?").matcher(scope);
        if (hsm.matches()) {
            return hsm.group(3) != null ? "the key" : hsm.group(2) != null ? "all keys" : "the managed HSM";
        }
        String[] parts = scope.split("/");
        return switch (parts.length) {
            case 0, 1 -> "the tenant";
            case 3 -> "the subscription";
            case 5 -> "the group";
            case 11 -> scope.contains("/microsoft.keyvault/vaults/") ? "the key" : "the child";
            default -> parts.length > 11 ? "below the child" : "the resource";
        };
    }
}
