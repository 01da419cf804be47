package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Link;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignInName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** People, links, sessions. */
abstract class PersonStoreContract extends StoreContract {
    private final Person ann = person(1, "Ann@example.org");
    private final Person bob = person(2, "bob");

    private static Person person(int n, String name) {
        return new Person(new PrincipalId(new UUID(0, n)), new SignInName(name), "Person " + n, false, NOW, "test");
    }

    private static Session session(String id, Person person, Instant made) {
        return new Session(id, person.id(), Session.How.PASSWORD, made, made.minusSeconds(9), made, "127.0.0.1");
    }

    private boolean anybody() {
        return read(tx -> stores.people().any(tx));
    }

    private void insertBoth() {
        run(tx -> {
            stores.people().insert(tx, ann).require("a fresh row");
            stores.people().insert(tx, bob).require("a fresh row");
        });
    }

    @Test
    void people_areFoundByIdAndByNameInAnyCase_andPagedByName() {
        assertThat(anybody()).isFalse();
        insertBoth();

        assertThat(anybody()).isTrue();
        assertThat(one(tx -> stores.people().find(tx, ann.id()))).contains(ann);
        assertThat(one(tx -> stores.people().find(tx, new SignInName("ANN@Example.ORG"))))
                .contains(ann);
        assertThat(one(tx -> stores.people().find(tx, new SignInName("nobody"))))
                .isEmpty();
        assertThat(many(tx -> stores.people().page(tx, Optional.empty(), 9))).containsExactly(ann, bob);
        assertThat(many(tx -> stores.people().page(tx, Optional.of(ann.name()), 9)))
                .containsExactly(bob);
        assertThat(many(tx -> stores.people().page(tx, Optional.empty(), 1))).containsExactly(ann);
    }

    @Test
    void aNameOrIdThatIsTaken_isMissed() {
        insertBoth();
        assertThat(did(tx -> stores.people().insert(tx, person(3, "BOB")))).isFalse();
        assertThat(did(tx -> stores.people().insert(tx, person(2, "new")))).isFalse();
    }

    @Test
    void aPassword_isThereOnceSet_andGoneOnceForgotten() {
        insertBoth();
        assertThat(one(tx -> stores.people().password(tx, ann.id()))).isEmpty();

        assertThat(did(tx -> stores.people().setPassword(tx, ann.id(), "hash", true)))
                .isTrue();
        assertThat(one(tx -> stores.people().password(tx, ann.id()))).contains("hash");
        assertThat(one(tx -> stores.people().password(tx, bob.id()))).isEmpty();
        assertThat(one(tx -> stores.people().find(tx, ann.id())).map(Person::mustChange))
                .contains(true);

        run(tx -> stores.people().forgetPassword(tx, ann.id()));
        assertThat(one(tx -> stores.people().password(tx, ann.id()))).isEmpty();
        assertThat(one(tx -> stores.people().find(tx, ann.id()))).contains(ann);
        assertThat(did(tx -> stores.people().setPassword(tx, new PrincipalId(new UUID(9, 9)), "hash", false)))
                .isFalse();
    }

    @Test
    void aLink_takesThePlaceOfTheEarlierOne() {
        insertBoth();
        run(tx -> stores.people().put(tx, new Link("one", ann.id(), NOW)));
        run(tx -> stores.people().put(tx, new Link("bobs", bob.id(), NOW)));
        run(tx -> stores.people().put(tx, new Link("two", ann.id(), NOW.plusSeconds(1))));

        assertThat(one(tx -> stores.people().link(tx, "one"))).isEmpty();
        assertThat(one(tx -> stores.people().link(tx, "two"))).contains(new Link("two", ann.id(), NOW.plusSeconds(1)));
        assertThat(one(tx -> stores.people().link(tx, "bobs"))).isPresent();
    }

    @Test
    void sessions_areSeenAndEndOneByOneOrAllOfAPerson() {
        insertBoth();
        run(tx -> {
            stores.people().insert(tx, session("a", ann, NOW));
            stores.people().insert(tx, session("b", ann, NOW.plusSeconds(1)));
            stores.people().insert(tx, session("c", bob, NOW));
            stores.people().put(tx, new Link("l", ann.id(), NOW));
        });
        run(tx -> stores.people().seen(tx, "a", NOW.plusSeconds(5)));
        run(tx -> stores.people().seen(tx, "a", NOW.plusSeconds(3)));
        run(tx -> stores.people().seen(tx, "none", NOW));

        assertThat(one(tx -> stores.people().session(tx, "a")).map(Session::seenAt))
                .contains(NOW.plusSeconds(5));
        assertThat(many(tx -> stores.people().sessions(tx, ann.id())))
                .extracting(Session::id)
                .containsExactly("b", "a");

        run(tx -> stores.people().deleteSession(tx, "b"));
        assertThat(one(tx -> stores.people().session(tx, "b"))).isEmpty();
        run(tx -> stores.people().signOut(tx, ann.id()));
        assertThat(many(tx -> stores.people().sessions(tx, ann.id()))).isEmpty();
        assertThat(one(tx -> stores.people().link(tx, "l"))).isEmpty();
        assertThat(many(tx -> stores.people().sessions(tx, bob.id()))).hasSize(1);
    }

    @Test
    void theOldestSessionsOfAPerson_giveWayToNewerOnes() {
        insertBoth();
        run(tx -> {
            for (int i = 0; i < 5; i++) {
                stores.people().insert(tx, session("s" + i, ann, NOW.plusSeconds(i)));
            }
            stores.people().insert(tx, session("bobs", bob, NOW));
            stores.people().keepNewest(tx, ann.id(), 2);
        });
        assertThat(many(tx -> stores.people().sessions(tx, ann.id())))
                .extracting(Session::id)
                .containsExactly("s4", "s3");
        assertThat(many(tx -> stores.people().sessions(tx, bob.id()))).hasSize(1);
    }

    @Test
    void whatIsOver_isDeleted() {
        insertBoth();
        run(tx -> {
            stores.people().insert(tx, session("old", ann, NOW.minus(Duration.ofHours(20))));
            stores.people().insert(tx, session("idle", ann, NOW.minus(Duration.ofHours(2))));
            stores.people().insert(tx, session("fresh", ann, NOW.minus(Duration.ofMinutes(5))));
            stores.people().put(tx, new Link("l", ann.id(), NOW));
            stores.people().put(tx, new Link("good", bob.id(), NOW.plusSeconds(1)));
        });
        run(tx -> stores.people().deleteOver(tx, NOW, NOW.minus(Duration.ofHours(12)), NOW.minus(Duration.ofHours(1))));

        assertThat(many(tx -> stores.people().sessions(tx, ann.id())))
                .extracting(Session::id)
                .containsExactly("fresh");
        assertThat(one(tx -> stores.people().link(tx, "l"))).isEmpty();
        assertThat(one(tx -> stores.people().link(tx, "good"))).isPresent();
    }

    @Test
    void aPersonThatIsDeleted_takesEverythingAlong() {
        insertBoth();
        run(tx -> {
            stores.people().insert(tx, session("a", ann, NOW));
            stores.people().put(tx, new Link("l", ann.id(), NOW));
        });
        assertThat(did(tx -> stores.people().delete(tx, ann.id()))).isTrue();
        assertThat(one(tx -> stores.people().session(tx, "a"))).isEmpty();
        assertThat(one(tx -> stores.people().link(tx, "l"))).isEmpty();
        assertThat(did(tx -> stores.people().delete(tx, ann.id()))).isFalse();
    }
}
