package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Passkey;
import dev.keyturn.core.people.PasskeyKey;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passkeys, who needs one, and challenges that were answered. */
abstract class PasskeyStoreContract extends StoreContract {
    private final PrincipalId ann = new PrincipalId(new UUID(0, 1));
    private final PrincipalId bob = new PrincipalId(new UUID(0, 2));

    @BeforeEach
    void people() {
        run(tx -> {
            for (PrincipalId id : List.of(ann, bob)) {
                SignInName name = new SignInName("person-" + id.value().getLeastSignificantBits());
                stores.people()
                        .insert(tx, new Person(id, name, "P", false, NOW, "test"))
                        .require(name);
            }
        });
    }

    private static Passkey passkey(String id, PrincipalId person, int after) {
        return new Passkey(
                id,
                person,
                "phone",
                new PasskeyKey(new byte[] {1, 2, (byte) after}, 3, true, false),
                NOW.plusSeconds(after),
                Optional.empty(),
                List.of("internal", "hybrid"));
    }

    private boolean insert(Passkey passkey) {
        return did(tx -> stores.passkeys().insert(tx, passkey));
    }

    private boolean required(PrincipalId person) {
        return read(tx -> stores.passkeys().required(tx, person));
    }

    private List<String> of(PrincipalId person) {
        return many(tx -> stores.passkeys().of(tx, person)).stream()
                .map(Passkey::id)
                .toList();
    }

    @Test
    void passkeys_areFoundById_andByPersonOldestFirst() {
        assertThat(insert(passkey("b", ann, 2))).isTrue();
        assertThat(insert(passkey("a", ann, 1))).isTrue();
        assertThat(insert(passkey("c", bob, 0))).isTrue();
        assertThat(insert(passkey("a", bob, 0))).isFalse();

        assertThat(of(ann)).containsExactly("a", "b");
        assertThat(one(tx -> stores.passkeys().find(tx, "a")))
                .get()
                .usingRecursiveComparison()
                .isEqualTo(passkey("a", ann, 1));
        assertThat(one(tx -> stores.passkeys().find(tx, "none"))).isEmpty();
    }

    @Test
    void aSignature_isNoted_whereTheCounterIsWhatItWas() {
        insert(passkey("a", ann, 1));
        PasskeyKey now = new PasskeyKey(new byte[0], 4, true, true);
        assertThat(did(tx -> stores.passkeys().used(tx, "a", 3, now, NOW.plusSeconds(9))))
                .isTrue();
        assertThat(did(tx -> stores.passkeys().used(tx, "a", 3, now, NOW.plusSeconds(10))))
                .isFalse();
        assertThat(did(tx -> stores.passkeys().used(tx, "none", 3, now, NOW))).isFalse();

        Passkey found = one(tx -> stores.passkeys().find(tx, "a")).orElseThrow();
        assertThat(found.key().count()).isEqualTo(4);
        assertThat(found.key().backedUp()).isTrue();
        assertThat(found.key().publicKey()).containsExactly(1, 2, 1);
        assertThat(found.lastUsedAt()).contains(NOW.plusSeconds(9));
    }

    @Test
    void onlyItsPerson_renamesAPasskey() {
        insert(passkey("a", ann, 1));
        insert(passkey("b", ann, 2));
        assertThat(did(tx -> stores.passkeys().rename(tx, bob, "a", "bob's"))).isFalse();
        assertThat(did(tx -> stores.passkeys().rename(tx, ann, "none", "x"))).isFalse();
        assertThat(did(tx -> stores.passkeys().rename(tx, ann, "a", "work laptop")))
                .isTrue();
        assertThat(many(tx -> stores.passkeys().of(tx, ann)))
                .extracting(Passkey::name)
                .containsExactly("work laptop", "phone");
    }

    @Test
    void onlyItsPerson_losesAPasskey() {
        insert(passkey("a", ann, 1));
        assertThat(did(tx -> stores.passkeys().delete(tx, bob, "a"))).isFalse();
        assertThat(did(tx -> stores.passkeys().delete(tx, ann, "a"))).isTrue();
        assertThat(of(ann)).isEmpty();
    }

    @Test
    void whoNeedsOne_needsNoneOnceAllAreDeleted() {
        insert(passkey("a", ann, 1));
        insert(passkey("b", bob, 1));
        assertThat(required(ann)).isFalse();
        assertThat(did(tx -> stores.passkeys().require(tx, ann, true))).isTrue();
        assertThat(did(tx -> stores.passkeys().require(tx, new PrincipalId(new UUID(9, 9)), true)))
                .isFalse();
        assertThat(required(ann)).isTrue();
        assertThat(required(bob)).isFalse();

        run(tx -> stores.passkeys().deleteAll(tx, ann));
        assertThat(required(ann)).isFalse();
        assertThat(of(ann)).isEmpty();
        assertThat(of(bob)).containsExactly("b");
    }

    @Test
    void aPersonThatIsDeleted_takesPasskeysAlong() {
        insert(passkey("a", ann, 1));
        assertThat(did(tx -> stores.people().delete(tx, ann))).isTrue();
        assertThat(one(tx -> stores.passkeys().find(tx, "a"))).isEmpty();
    }

    @Test
    void aChallenge_isAnsweredOnce_untilItIsForgotten() {
        assertThat(did(tx -> stores.passkeys().answered(tx, "x", NOW))).isTrue();
        assertThat(did(tx -> stores.passkeys().answered(tx, "x", NOW))).isFalse();
        assertThat(did(tx -> stores.passkeys().answered(tx, "y", NOW.plusSeconds(1))))
                .isTrue();
        run(tx -> stores.passkeys().deleteOver(tx, NOW));
        assertThat(did(tx -> stores.passkeys().answered(tx, "x", NOW))).isTrue();
        assertThat(did(tx -> stores.passkeys().answered(tx, "y", NOW))).isFalse();
    }
}
