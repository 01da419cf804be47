package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.directory.FirstPerson;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.directory.People.Invited;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are invited, sign in, are known again, and are let out. */
class SignInTest {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);
    private static final String GOOD = "a good long password";
    private static final SignInName ANN = new SignInName("ann");

    private final Call inviter = Call.server(Call.SERVER, new UUID(0, 1));
    private TestDatabase database;
    private World world;
    private People people;
    private SignIn signIn;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        world = World.fresh(database);
        people = world.node.people(new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test"));
        signIn = world.node.signIn(new PlainHasher());
    }

    @AfterEach
    void close() {
        world.node.close();
        database.close();
    }

    private static Visit visit() {
        return new Visit(UUID.randomUUID(), Optional.empty(), "127.0.0.1");
    }

    private Started ann() {
        Invited invited = people.invite(inviter, ANN, "Ann");
        return signIn.withLink(visit(), invited.link(), GOOD, Optional.empty());
    }

    private SignedIn in(Started started) {
        return signIn.session(started.token()).orElseThrow();
    }

    private static void refused(Runnable attempt, String message) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(DomainException.class, e -> {
            assertThat(e.error()).isInstanceOf(DomainError.Unauthenticated.class);
            assertThat(e.error().info().code()).isEqualTo(SignIn.REFUSED);
            assertThat(e.error().info().message()).contains(message);
        });
    }

    private List<AuditRecord> signIns() {
        return database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1000)).stream()
                .filter(r -> r.action().equals(Action.SIGN_IN.azure()))
                .toList();
    }

    @Test
    void anInvitedPerson_setsAPassword_andIsKnownAgain() {
        Invited invited = people.invite(inviter, ANN, "Ann");
        assertThat(signIn.ofLink(invited.link()).map(Person::name)).contains(ANN);
        assertThat(invited).asString().doesNotContain(invited.link());

        Started started = signIn.withLink(visit(), invited.link(), GOOD, Optional.empty());
        assertThat(started).asString().doesNotContain(started.token());
        assertThat(in(started).person()).isEqualTo(invited.person());
        assertThat(in(started).session().how()).isEqualTo(Session.How.LINK);

        Started again = signIn.withPassword(visit(), "ANN", GOOD, Optional.empty());
        assertThat(in(again).person()).isEqualTo(invited.person());
        assertThat(signIns())
                .extracting(AuditRecord::outcome)
                .containsOnly(Outcome.ALLOWED)
                .hasSize(2);
        assertThat(signIns()).extracting(AuditRecord::callerName).containsOnly("ann");
    }

    @Test
    void aLink_isGoodOnce_forADay_andNotBesideANewerOne() {
        Invited first = people.invite(inviter, ANN, "Ann");
        Invited second = people.reset(inviter, first.person().id());
        refused(() -> signIn.withLink(visit(), first.link(), GOOD, Optional.empty()), "another one was made");

        assertThatThrownBy(() -> signIn.withLink(visit(), second.link(), "short", Optional.empty()))
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Invalid.class));
        assertThat(in(signIn.withLink(visit(), second.link(), GOOD, Optional.empty())))
                .isNotNull();
        refused(() -> signIn.withLink(visit(), second.link(), GOOD, Optional.empty()), "it was used");

        Invited third = people.reset(inviter, first.person().id());
        world.pass(Duration.ofHours(24));
        assertThat(signIn.ofLink(third.link())).isEmpty();
        refused(() -> signIn.withLink(visit(), third.link(), GOOD, Optional.empty()), "24 hours");
    }

    @Test
    void aWrongPassword_andAnUnknownName_areRefusedAlike_andThePersonsIsRecorded() {
        ann();
        refused(() -> signIn.withPassword(visit(), "ann", "wrong password", Optional.empty()), "name or the password");
        refused(() -> signIn.withPassword(visit(), "bob", GOOD, Optional.empty()), "name or the password");
        refused(() -> signIn.withPassword(visit(), "' OR 1=1", GOOD, Optional.empty()), "name or the password");
        refused(
                () -> signIn.withPassword(visit(), "ann", "x".repeat(1 << 20), Optional.empty()),
                "name or the password");
        assertThat(signIns())
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.ALLOWED, Outcome.REFUSED, Outcome.REFUSED);
        assertThat(signIns().getLast().callerName()).isEqualTo("(not signed in)");
        assertThat(signIns().getLast().target().orElseThrow()).startsWith("/people/");
    }

    @Test
    void anInvitedPersonWithoutAPassword_cannotSignInWithAnEmptyOne() {
        people.invite(inviter, ANN, "Ann");
        refused(() -> signIn.withPassword(visit(), "ann", "", Optional.empty()), "name or the password");
    }

    @Test
    void whatAPageAsksByItself_doesNotKeepASessionFromEnding() {
        Started begun = ann();
        for (int i = 0; i < 5; i++) {
            world.pass(Duration.ofMinutes(11));
            assertThat(signIn.glance(begun.token())).isPresent();
        }
        world.pass(Duration.ofMinutes(11));
        assertThat(signIn.glance(begun.token())).isEmpty();
    }

    @Test
    void aSession_endsWhenIdle_andAfterTwelveHours() {
        Started idle = ann();
        Started busy = signIn.withPassword(visit(), "ann", GOOD, Optional.empty());
        for (int minutes = 0; minutes < 12 * 60 - 50; minutes += 50) {
            world.pass(Duration.ofMinutes(50));
            assertThat(signIn.session(busy.token()))
                    .as("after %s min", minutes + 50)
                    .isPresent();
        }
        assertThat(signIn.session(idle.token())).isEmpty();
        world.pass(Duration.ofMinutes(50));
        assertThat(signIn.session(busy.token())).isEmpty();
        assertThat(signIn.sessions(in(signIn.withPassword(visit(), "ann", GOOD, Optional.empty()))
                        .person()))
                .hasSize(1);
    }

    @Test
    void aClockThatIsSetBack_prolongsNoSession() {
        Started started = ann();
        world.elapsed.advance(Duration.ofHours(2));
        assertThat(signIn.session(started.token())).isEmpty();
    }

    @Test
    void signingInAnew_endsTheSessionThatTheBrowserHad() {
        Started before = ann();
        Started after = signIn.withPassword(visit(), "ann", GOOD, Optional.of(before.token()));
        assertThat(after.token()).isNotEqualTo(before.token());
        assertThat(signIn.session(before.token())).isEmpty();
        assertThat(signIn.session(after.token())).isPresent();
        signIn.signOut(visit(), in(after));
        assertThat(signIn.session(after.token())).isEmpty();
    }

    @Test
    void aNewPassword_endsEverySession_andTheOldOneIsWrongFromThenOn() {
        Started one = ann();
        Started two = signIn.withPassword(visit(), "ann", GOOD, Optional.empty());
        refused(() -> signIn.changePassword(visit(), in(two), "not it at all", "another good one"), "present password");

        Started three = signIn.changePassword(visit(), in(two), GOOD, "another good one");
        assertThat(signIn.session(one.token())).isEmpty();
        assertThat(signIn.session(two.token())).isEmpty();
        assertThat(signIn.session(three.token())).isPresent();
        refused(() -> signIn.withPassword(visit(), "ann", GOOD, Optional.empty()), "name or the password");
    }

    @Test
    void aPasswordThatWillNotDo_isRefusedWithEveryReason() {
        Invited invited = people.invite(inviter, ANN, "Ann");
        assertThatThrownBy(() -> signIn.withLink(visit(), invited.link(), "annannann", Optional.empty()))
                .isInstanceOfSatisfying(
                        DomainException.class,
                        e -> assertThat(e.error().info().details()).hasSize(3));
    }

    @Test
    void aResetPerson_isSignedOut_andTheOldPasswordIsGone() {
        Started started = ann();
        Invited reset = people.reset(inviter, in(started).person().id());
        assertThat(signIn.session(started.token())).isEmpty();
        refused(() -> signIn.withPassword(visit(), "ann", GOOD, Optional.empty()), "name or the password");
        assertThat(in(signIn.withLink(visit(), reset.link(), GOOD, Optional.empty())))
                .isNotNull();
    }

    @Test
    void aDeletedPerson_isSignedOut_andHoldsNoRole() {
        Started started = ann();
        Person ann = in(started).person();
        grant(ann);
        assertThatThrownBy(() -> people.delete(
                        new Call(ann.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL), ann.id()))
                .hasMessageContaining("delete themselves");

        assertThat(people.delete(inviter, ann.id())).isEqualTo(ann);
        assertThat(signIn.session(started.token())).isEmpty();
        boolean may = database.transactions()
                .read(tx ->
                        world.node.services().access().may(tx, ann.id(), "Microsoft.Compute/disks/read", SUBSCRIPTION));
        assertThat(may).isFalse();
    }

    private void grant(Person person) {
        database.transactions()
                .run(tx -> assertThat(world.node
                                .services()
                                .assignments()
                                .grant(
                                        tx,
                                        "test",
                                        new Grant(
                                                UUID.randomUUID(),
                                                SUBSCRIPTION,
                                                Roles.OWNER.id(),
                                                person.id(),
                                                Optional.empty()))
                                .created())
                        .isTrue());
    }

    @Test
    void whoMayNotWritePeople_invitesAndResetsNobody_andItIsRecorded() {
        Person ann = in(ann()).person();
        Call hers = new Call(ann.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
        assertThatThrownBy(() -> people.invite(hers, new SignInName("bob"), "Bob"))
                .hasMessageContaining("Microsoft.Authorization/people/write");
        assertThatThrownBy(() -> people.reset(hers, ann.id())).hasMessageContaining("people/password/write");
        assertThatThrownBy(() -> people.page(hers, Optional.empty(), 9)).hasMessageContaining("people/read");

        grant(ann);
        assertThat(people.invite(hers, new SignInName("bob"), "Bob").person().createdBy())
                .isEqualTo("ann");
        assertThat(people.page(hers, Optional.empty(), 9)).hasSize(2);
        assertThatThrownBy(() -> people.invite(hers, new SignInName("BOB"), "Bob again"))
                .hasMessageContaining("already");
    }

    @Test
    void nobodyMakesANewLinkForThemselves() {
        Person ann = in(ann()).person();
        grant(ann);
        Call hers = new Call(ann.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
        assertThatThrownBy(() -> people.reset(hers, ann.id())).hasMessageContaining("themselves");
    }

    @Test
    void theFirstPerson_isMadeOnce_andItsLentPasswordIsGoodForADay() {
        FirstPerson first = world.node.firstPerson(
                new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test"), new PlainHasher());
        FirstPerson.Way way = first.ensure().orElseThrow();
        assertThat(way).asString().doesNotContain(way.password()).doesNotContain(way.link());
        assertThat(first.ensure()).isEmpty();
        Started lent = signIn.withPassword(visit(), way.name(), way.password(), Optional.empty());
        assertThat(in(lent).person().mustChange()).isTrue();
        boolean may = database.transactions()
                .read(tx -> world.node
                        .services()
                        .access()
                        .may(tx, lent.person().id(), "Microsoft.Compute/disks/write", SUBSCRIPTION));
        assertThat(may).isTrue();

        world.pass(Duration.ofHours(24));
        refused(() -> signIn.withPassword(visit(), way.name(), way.password(), Optional.empty()), "password");
        people.invite(inviter, ANN, "Ann");
        people.delete(inviter, lent.person().id());
        assertThat(first.ensure()).isEmpty();
        List<AuditRecord> begin =
                database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1));
        assertThat(begin).extracting(AuditRecord::action).containsExactly(Action.PERSON_WRITE.azure());
    }

    @Test
    void tidying_forgetsWhatIsOver() {
        Started started = ann();
        world.pass(Duration.ofHours(13));
        signIn.tidy();
        List<Session> left = database.transactions()
                .read(tx -> world.stores.people().sessions(tx, started.person().id()));
        assertThat(left).isEmpty();
    }
}
