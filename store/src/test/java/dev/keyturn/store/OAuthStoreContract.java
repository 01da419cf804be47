package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.AuthorizationCode;
import dev.keyturn.core.oauth.ClientSignIn;
import dev.keyturn.core.oauth.DeviceCode;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that people sign in with. */
abstract class OAuthStoreContract extends StoreContract {
    private static final PublicClient AZ =
            PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
    private static final Asked ASKED = new Asked(AZ, "https://server/arm", "");

    private final Person ann =
            new Person(new PrincipalId(new UUID(0, 1)), new SignInName("ann"), "Ann", false, NOW, "test");

    @BeforeEach
    void insertAnn() {
        run(tx -> stores.people().insert(tx, ann).require("a fresh row"));
    }

    private static DeviceCode device(String id, String userCode, String address, Instant expires) {
        return new DeviceCode(id, userCode, ASKED, address, NOW, expires, DeviceCode.State.WAITING, Optional.empty());
    }

    private AuthorizationCode code(String id) {
        return new AuthorizationCode(
                id,
                ann.id(),
                ASKED,
                "http://localhost:1",
                "challenge",
                Optional.of("nonce"),
                NOW,
                NOW.plusSeconds(60),
                Optional.empty());
    }

    private ClientSignIn signIn(String id, Instant at) {
        return new ClientSignIn(
                id, ann.id(), AZ, "one", Optional.empty(), Optional.empty(), NOW.minusSeconds(5), at, at, "127.0.0.1");
    }

    @Test
    void whereEverybodyIsSignedOut_codesAndClientsGoToo() {
        run(tx -> {
            stores.oauth()
                    .insert(tx, device("d", "DDDD", "here", NOW.plusSeconds(60)))
                    .require("d");
            stores.oauth().insert(tx, code("c"));
            stores.oauth().insert(tx, signIn("s", NOW));
            stores.people().signOutAll(tx);
        });
        assertThat(one(tx -> stores.oauth().deviceCode(tx, "d"))).isEmpty();
        assertThat(one(tx -> stores.oauth().authorizationCode(tx, "c"))).isEmpty();
        assertThat(one(tx -> stores.oauth().signIn(tx, "s"))).isEmpty();
    }

    @Test
    void aDeviceCode_isFoundByBothCodes_decidedOnce_andCountedWhileItIsOpen() {
        DeviceCode code = device("a", "AAAA", "here", NOW.plusSeconds(60));
        assertThat(did(tx -> stores.oauth().insert(tx, code))).isTrue();
        assertThat(did(tx -> stores.oauth().insert(tx, device("b", "AAAA", "here", NOW))))
                .isFalse();
        run(tx -> stores.oauth()
                .insert(tx, device("c", "CCCC", "there", NOW.plusSeconds(1)))
                .require("c"));

        assertThat(one(tx -> stores.oauth().deviceCode(tx, "a"))).contains(code);
        assertThat(one(tx -> stores.oauth().byUserCode(tx, "AAAA"))).contains(code);
        assertThat(count(tx -> stores.oauth().open(tx, NOW))).isEqualTo(2);
        assertThat(count(tx -> stores.oauth().open(tx, NOW, "here"))).isEqualTo(1);
        assertThat(count(tx -> stores.oauth().open(tx, NOW.plusSeconds(1)))).isEqualTo(1);

        Optional<DeviceCode.Allowed> anns = Optional.of(new DeviceCode.Allowed(ann.id(), NOW.minusSeconds(5)));
        assertThat(did(tx -> stores.oauth().decide(tx, "a", DeviceCode.State.ALLOWED, anns, NOW.plusSeconds(60))))
                .isFalse();
        assertThat(did(tx -> stores.oauth().decide(tx, "a", DeviceCode.State.ALLOWED, anns, NOW.plusSeconds(59))))
                .isTrue();
        assertThat(did(tx -> stores.oauth().decide(tx, "a", DeviceCode.State.REFUSED, Optional.empty(), NOW)))
                .isFalse();
        assertThat(one(tx -> stores.oauth().deviceCode(tx, "a")).flatMap(DeviceCode::allowed))
                .isEqualTo(anns);
        assertThat(did(tx -> stores.oauth().deleteDeviceCode(tx, "a"))).isTrue();
        assertThat(did(tx -> stores.oauth().deleteDeviceCode(tx, "a"))).isFalse();
    }

    @Test
    void anAuthorizationCode_isSpentOnce() {
        run(tx -> stores.oauth().insert(tx, code("a")));
        assertThat(one(tx -> stores.oauth().authorizationCode(tx, "a"))).contains(code("a"));
        assertThat(did(tx -> stores.oauth().spend(tx, "a", "sign-in"))).isTrue();
        assertThat(did(tx -> stores.oauth().spend(tx, "a", "another"))).isFalse();
        assertThat(one(tx -> stores.oauth().authorizationCode(tx, "a")).flatMap(AuthorizationCode::signIn))
                .contains("sign-in");
    }

    @Test
    void aSignIn_isRenewed_keepsTheTokenBefore_andTheOldestGoFirst() {
        run(tx -> {
            stores.oauth().insert(tx, signIn("a", NOW));
            stores.oauth().insert(tx, signIn("b", NOW.plusSeconds(1)));
        });
        assertThat(did(tx -> stores.oauth().renew(tx, "a", "two", "salt", NOW.plusSeconds(9))))
                .isTrue();
        assertThat(one(tx -> stores.oauth().signIn(tx, "a"))).hasValueSatisfying(s -> {
            assertThat(s.token()).isEqualTo("two");
            assertThat(s.before()).contains("one");
            assertThat(s.salt()).contains("salt");
            assertThat(s.renewedAt()).isEqualTo(NOW.plusSeconds(9));
            assertThat(s.authenticatedAt()).isEqualTo(NOW.minusSeconds(5));
        });
        assertThat(did(tx -> stores.oauth().renew(tx, "none", "x", "y", NOW))).isFalse();
        assertThat(many(tx -> stores.oauth().signIns(tx, ann.id())))
                .extracting(ClientSignIn::id)
                .containsExactly("b", "a");
        run(tx -> stores.oauth().keepNewest(tx, ann.id(), 1));
        assertThat(many(tx -> stores.oauth().signIns(tx, ann.id())))
                .extracting(ClientSignIn::id)
                .containsExactly("b");
        assertThat(did(tx -> stores.oauth().deleteSignIn(tx, "b"))).isTrue();
        assertThat(did(tx -> stores.oauth().deleteSignIn(tx, "b"))).isFalse();
    }

    @Test
    void signedOut_orDeleted_aPersonHasNothingOfThem() {
        insertAll();
        run(tx -> stores.people().signOut(tx, ann.id()));
        nothingIsLeft();
        insertAll();
        run(tx -> stores.people().delete(tx, ann.id()).require(ann.id()));
        nothingIsLeft();
    }

    private void insertAll() {
        run(tx -> {
            stores.oauth()
                    .insert(tx, device("d", "DDDD", "here", NOW.plusSeconds(60)))
                    .require("d");
            stores.oauth()
                    .decide(tx, "d", DeviceCode.State.ALLOWED, Optional.of(new DeviceCode.Allowed(ann.id(), NOW)), NOW)
                    .require("d");
            stores.oauth().insert(tx, code("c"));
            stores.oauth().insert(tx, signIn("s", NOW));
        });
    }

    private void nothingIsLeft() {
        assertThat(one(tx -> stores.oauth().deviceCode(tx, "d"))).isEmpty();
        assertThat(one(tx -> stores.oauth().authorizationCode(tx, "c"))).isEmpty();
        assertThat(one(tx -> stores.oauth().signIn(tx, "s"))).isEmpty();
    }

    @Test
    void whatIsOver_goes() {
        insertAll();
        run(tx -> stores.oauth().deleteOver(tx, NOW.plusSeconds(59), NOW.minusSeconds(1), NOW.minusSeconds(1)));
        assertThat(one(tx -> stores.oauth().deviceCode(tx, "d"))).isPresent();
        assertThat(one(tx -> stores.oauth().authorizationCode(tx, "c"))).isPresent();
        assertThat(one(tx -> stores.oauth().signIn(tx, "s"))).isPresent();
        run(tx -> stores.oauth().deleteOver(tx, NOW.plusSeconds(60), NOW, NOW.minusSeconds(1)));
        nothingIsLeft();
    }
}
