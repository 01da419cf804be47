package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.Link;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignInName;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who people are at the provider outside, before and after they are deleted here. */
abstract class OutsideStoreContract extends StoreContract {
    private final Person ann = person(1, "ann");
    private final Person bob = person(2, "bob");

    private static Person person(int n, String name) {
        return new Person(new PrincipalId(new UUID(0, n)), new SignInName(name), name, false, NOW, "test");
    }

    private static Outsider outsider(String subject, Person person) {
        return new Outsider(
                "https://login.example",
                subject,
                Optional.of(person.id()),
                person.name().text(),
                NOW);
    }

    private void insertAll() {
        run(tx -> {
            stores.people().insert(tx, ann).require("a fresh row");
            stores.people().insert(tx, bob).require("a fresh row");
            stores.outsiders().insert(tx, outsider("s1", ann)).require("a fresh row");
        });
    }

    @Test
    void aSubject_isOnePersonAlone_andAPersonOneSubjectAlone() {
        insertAll();
        assertThat(one(tx -> stores.outsiders().find(tx, "https://login.example", "s1")))
                .contains(outsider("s1", ann));
        assertThat(one(tx -> stores.outsiders().find(tx, ann.id()))).contains(outsider("s1", ann));
        assertThat(one(tx -> stores.outsiders().find(tx, bob.id()))).isEmpty();
        assertThat(one(tx -> stores.outsiders().find(tx, "https://other.example", "s1")))
                .isEmpty();
        assertThat(did(tx -> stores.outsiders().insert(tx, outsider("s1", bob))))
                .isFalse();
        assertThat(did(tx -> stores.outsiders().insert(tx, outsider("s2", ann))))
                .isFalse();
        assertThat(did(tx -> stores.outsiders().signedIn(tx, "https://login.example", "s1", NOW.plusSeconds(5))))
                .isTrue();
        assertThat(did(tx -> stores.outsiders().signedIn(tx, "https://login.example", "s2", NOW)))
                .isFalse();
        assertThat(one(tx -> stores.outsiders().find(tx, ann.id()))
                        .orElseThrow()
                        .signedInAt())
                .isEqualTo(NOW.plusSeconds(5));
    }

    @Test
    void whoWasDeletedHere_isKnownStill_untilReadmitted() {
        insertAll();
        assertThat(did(tx -> stores.outsiders().readmit(tx, "https://login.example", "s1")))
                .isFalse();
        run(tx -> stores.people().delete(tx, ann.id()).require(ann));
        assertThat(one(tx -> stores.outsiders().find(tx, "https://login.example", "s1"))
                        .orElseThrow()
                        .person())
                .isEmpty();
        assertThat(many(tx -> stores.outsiders().shutOut(tx, 9)))
                .extracting(Outsider::name)
                .containsExactly("ann");
        assertThat(did(tx -> stores.outsiders().readmit(tx, "https://login.example", "s1")))
                .isTrue();
        assertThat(many(tx -> stores.outsiders().shutOut(tx, 9))).isEmpty();
    }

    @Test
    void peopleAreRenamed_andSignedOutAllAtOnce() {
        insertAll();
        assertThat(did(tx -> stores.people().rename(tx, ann.id(), "Ann B."))).isTrue();
        assertThat(did(tx -> stores.people().rename(tx, new PrincipalId(new UUID(0, 9)), "x")))
                .isFalse();
        assertThat(one(tx -> stores.people().find(tx, ann.id())).orElseThrow().displayName())
                .isEqualTo("Ann B.");
        run(tx -> {
            stores.people().insert(tx, new Session("s", ann.id(), Session.How.PROVIDER, NOW, NOW, NOW, "here"));
            stores.people().put(tx, new Link("l", bob.id(), NOW));
            stores.people().signOutAll(tx);
        });
        assertThat(one(tx -> stores.people().session(tx, "s"))).isEmpty();
        assertThat(one(tx -> stores.people().link(tx, "l"))).isEmpty();
    }
}
