package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.ClientSignIn;
import dev.keyturn.core.oauth.ClientSignIns.Given;
import dev.keyturn.core.oauth.CodeSignIn;
import dev.keyturn.core.oauth.DeviceCode;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.DeviceSignIn.Answer;
import dev.keyturn.core.oauth.DeviceSignIn.Begun;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person signs in to a program by a device code; it stays signed in by refresh tokens, and no longer than it should. */
class ClientSignInTest {
    private static final PublicClient AZ =
            PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
    private static final PublicClient POWERSHELL =
            PublicClient.find("1950a258-227b-4e31-a9cf-717495945fc2").orElseThrow();
    private static final Asked ASKED = new Asked(AZ, "https://server/arm", "https://server/arm/.default openid");
    private static final String HERE = "127.0.0.1";
    private static final String PASSWORD = "a good long password";

    private final Call inviter = Call.server(Call.SERVER, new UUID(0, 1));
    private TestDatabase database;
    private World world;
    private People people;
    private SignIn signIn;
    private OAuth oauth;
    private SignedIn session;
    private Person ann;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        world = World.fresh(database);
        people = world.node.people(new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test"));
        signIn = world.node.signIn(new PlainHasher());
        oauth = world.node.oauth(new DeviceSignIn.Bounds(5, 3));
        session = newcomer("ann");
        ann = session.person();
    }

    @AfterEach
    void close() {
        world.node.close();
        database.close();
    }

    private SignedIn newcomer(String name) {
        String link = people.invite(inviter, new SignInName(name), name).link();
        return signIn.session(signIn.withLink(visit(), link, PASSWORD, Optional.empty())
                        .token())
                .orElseThrow();
    }

    private static Visit visit() {
        return new Visit(UUID.randomUUID(), Optional.empty(), HERE);
    }

    private static Call by(Person person) {
        return new Call(person.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
    }

    private void signInAgain(String password) {
        session = signIn.session(signIn.withPassword(visit(), "ann", password, Optional.empty())
                        .token())
                .orElseThrow();
    }

    private Given signedIn() {
        Begun begun = oauth.devices().begin(ASKED, HERE);
        oauth.devices().allow(by(ann), session, begun.userCode());
        return ((Answer.Done) oauth.devices().poll(begun.deviceCode(), AZ)).given();
    }

    private Optional<Given> refresh(String token) {
        return oauth.signIns().refresh(UUID.randomUUID(), token, AZ);
    }

    private boolean known(Given given) {
        return oauth.signIns().caller(ann.id(), given.signIn()).isPresent();
    }

    private List<AuditRecord> records(Action action) {
        return database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1000)).stream()
                .filter(r -> r.action().equals(action.azure())
                        && r.target().filter(t -> t.contains("/clients/")).isPresent())
                .toList();
    }

    @Test
    void aCode_thatThePersonAllows_signsInToTheClientThatWaits_once_andIsRecorded() {
        Begun begun = oauth.devices().begin(ASKED, HERE);
        assertThat(begun.userCode()).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);

        String typed = " " + begun.userCode().toLowerCase(Locale.ROOT).replace('-', ' ');
        assertThat(oauth.devices().waiting(typed).map(DeviceCode::address)).contains(HERE);
        oauth.devices().allow(by(ann), session, typed);

        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOfSatisfying(Answer.Done.class, done -> {
            assertThat(done.asked()).isEqualTo(ASKED);
            assertThat(done.given().person()).isEqualTo(ann);
            assertThat(done).asString().doesNotContain(done.given().refresh());
            assertThat(oauth.signIns().caller(ann.id(), done.given().signIn())).contains(ann.caller());
        });
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Expired.class);
        assertThat(oauth.devices().waiting(begun.userCode())).isEmpty();
        assertThat(records(Action.SIGN_IN)).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.ALLOWED);
            assertThat(r.callerName()).isEqualTo("ann");
            assertThat(r.target()).contains("/people/" + ann.id() + "/clients/" + AZ.id());
        });
    }

    @Test
    void aCode_thatWasRefused_orIsOld_orIsAnotherClients_signsNobodyIn() {
        Begun refused = oauth.devices().begin(ASKED, HERE);
        oauth.devices().refuse(refused.userCode());
        assertThat(oauth.devices().poll(refused.deviceCode(), AZ)).isInstanceOf(Answer.Refused.class);
        assertThatThrownBy(() -> oauth.devices().allow(by(ann), session, refused.userCode()))
                .isInstanceOf(DomainException.class);

        Begun others = oauth.devices().begin(ASKED, HERE);
        oauth.devices().allow(by(ann), session, others.userCode());
        assertThat(oauth.devices().poll(others.deviceCode(), POWERSHELL)).isInstanceOf(Answer.Expired.class);

        Begun old = oauth.devices().begin(ASKED, HERE);
        oauth.devices().allow(by(ann), session, old.userCode());
        world.clock.advance(DeviceSignIn.LIFETIME);
        assertThat(oauth.devices().poll(old.deviceCode(), AZ)).isInstanceOf(Answer.Expired.class);
        assertThat(oauth.devices().poll("no such code", AZ)).isInstanceOf(Answer.Expired.class);
    }

    @Test
    void nobody_allowsItForSomebodyElse() {
        Person bob = newcomer("bob").person();
        Begun begun = oauth.devices().begin(ASKED, HERE);
        assertThatThrownBy(() -> oauth.devices().allow(by(bob), session, begun.userCode()))
                .isInstanceOf(DomainException.class);
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);
    }

    private static void refusedUntilSignedInAgain(ThrowingCallable allow) {
        assertThatThrownBy(allow)
                .isInstanceOfSatisfying(
                        DomainException.class,
                        e -> assertThat(e.error().info().code()).isEqualTo(DeviceSignIn.SIGN_IN_AGAIN));
    }

    @Test
    void aBrowser_thatWasLeftOpen_letsNoClientIn_beforeThePersonHasSignedInAgain() {
        world.clock.advance(Session.FRESH);
        Begun begun = oauth.devices().begin(ASKED, HERE);
        assertThat(oauth.signIns().mustSignInAgain(session)).isTrue();
        refusedUntilSignedInAgain(() -> oauth.devices().allow(by(ann), session, begun.userCode()));
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);
        CodeSignIn.Bound browser = new CodeSignIn.Bound("http://localhost:8400", "c".repeat(43), Optional.empty());
        refusedUntilSignedInAgain(() -> oauth.codes().allow(by(ann), session, ASKED, browser));
        assertThat(records(Action.SIGN_IN))
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.REFUSED);

        signInAgain(PASSWORD);
        assertThat(oauth.codes().allow(by(ann), session, ASKED, browser)).isNotEmpty();
        assertThat(oauth.signIns().mustSignInAgain(session)).isFalse();
        oauth.devices().allow(by(ann), session, begun.userCode());
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Done.class);
    }

    @Test
    void aSession_thatHasEnded_letsNoClientIn_alsoWhereItWasReadBefore() {
        Begun begun = oauth.devices().begin(ASKED, HERE);
        signIn.signOutEverywhere(visit(), session);
        refusedUntilSignedInAgain(() -> oauth.devices().allow(by(ann), session, begun.userCode()));
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);
    }

    @Test
    void signedOutEverywhere_justBeforeItIsAllowed_nothingIsAllowed() {
        Begun begun = oauth.devices().begin(ASKED, HERE);
        // the code is looked for, the session asked for; then it would be written
        world.transactions.before(3, () -> signIn.signOutEverywhere(visit(), session));
        refusedUntilSignedInAgain(() -> oauth.devices().allow(by(ann), session, begun.userCode()));
        assertThat(world.transactions.happened()).isTrue();
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);
    }

    @Test
    void aClient_thatAsksTooOften_isToldToAskMoreSlowly_evenMoreSoTheNextTime() {
        Begun begun = oauth.devices().begin(ASKED, HERE);
        oauth.devices().poll(begun.deviceCode(), AZ);
        world.clock.advance(DeviceSignIn.INTERVAL.minusSeconds(1));
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.TooOften.class);
        world.clock.advance(DeviceSignIn.INTERVAL);
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.TooOften.class);
        world.clock.advance(DeviceSignIn.INTERVAL.multipliedBy(3));
        assertThat(oauth.devices().poll(begun.deviceCode(), AZ)).isInstanceOf(Answer.Pending.class);
    }

    @Test
    void soManyCodesMayBeOpen_ofOneAddress_andInAll_untilTheyAreOver() {
        for (int i = 0; i < 3; i++) {
            oauth.devices().begin(ASKED, HERE);
        }
        assertThatThrownBy(() -> oauth.devices().begin(ASKED, HERE)).hasMessageContaining("one address");
        oauth.devices().begin(ASKED, "10.0.0.1");
        oauth.devices().begin(ASKED, "10.0.0.2");
        assertThatThrownBy(() -> oauth.devices().begin(ASKED, "10.0.0.3"))
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Throttled.class))
                .hasMessageContaining("in all");
        world.clock.advance(DeviceSignIn.LIFETIME);
        assertThat(oauth.devices().begin(ASKED, HERE)).isNotNull();
    }

    @Test
    void aClient_isToldWhenThePersonSignedIn_thatSameTime_howeverOftenItRenews() {
        Instant signedInAt = session.session().createdAt();
        world.clock.advance(Duration.ofMinutes(3));
        CodeSignIn.Bound browser =
                new CodeSignIn.Bound("http://localhost:8400", RandomToken.hash("v".repeat(43)), Optional.empty());
        String code = oauth.codes().allow(by(ann), session, ASKED, browser);
        world.clock.advance(Duration.ofMinutes(1));
        Given byCode = oauth.codes()
                .redeem(UUID.randomUUID(), code, AZ, browser.redirect(), "v".repeat(43), HERE)
                .orElseThrow()
                .given();
        for (Given given : List.of(signedIn(), byCode)) {
            assertThat(given.authenticatedAt()).isEqualTo(signedInAt);
            world.clock.advance(Duration.ofHours(1));
            Given renewed = refresh(given.refresh()).orElseThrow();
            assertThat(renewed.authenticatedAt()).isEqualTo(signedInAt);
            world.clock.advance(Duration.ofHours(1));
            assertThat(refresh(renewed.refresh()).orElseThrow().authenticatedAt())
                    .isEqualTo(signedInAt);
        }
    }

    @Test
    void aRefreshToken_isGoodOnce_andTwoProcessesThatRenewAtTheSameTimeGetTheSameNextOne() {
        Given given = signedIn();
        String second = refresh(given.refresh()).orElseThrow().refresh();
        assertThat(second).isNotEqualTo(given.refresh());
        assertThat(refresh(given.refresh()).map(Given::refresh)).contains(second);
        assertThat(refresh(second)).isPresent();
        assertThat(known(given)).isTrue();
    }

    @Test
    void aRefreshToken_thatComesAgainLater_endsTheSignIn_andThatIsRecorded() {
        Given given = signedIn();
        String second = refresh(given.refresh()).orElseThrow().refresh();
        world.clock.advance(ClientSignIn.GRACE);
        assertThatThrownBy(() -> refresh(given.refresh())).isInstanceOf(DomainException.class);

        assertThat(known(given)).isFalse();
        assertThat(refresh(second)).isEmpty();
        assertThat(records(Action.SIGN_IN))
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.ALLOWED, Outcome.REFUSED);
    }

    @Test
    void processes_thatRenewAtTheSameTime_areNeverTwoStepsBehind_andAMinuteHasOneRenewal() {
        Given given = signedIn();
        String second = refresh(given.refresh()).orElseThrow().refresh();
        assertThat(second).isNotEqualTo(given.refresh());
        assertThat(refresh(second).map(Given::refresh)).contains(second);
        world.clock.advance(ClientSignIn.GRACE.minusSeconds(1));
        assertThat(refresh(second).map(Given::refresh)).contains(second);
        assertThat(refresh(given.refresh()).map(Given::refresh)).contains(second);

        world.clock.advance(Duration.ofSeconds(1));
        String third = refresh(second).orElseThrow().refresh();
        assertThat(third).isNotEqualTo(second);
        assertThat(refresh(second).map(Given::refresh)).contains(third);
        assertThat(known(given)).isTrue();
    }

    @Test
    void aRefreshToken_twoStepsOld_endsTheSignInAtOnce() {
        Given given = signedIn();
        String second = refresh(given.refresh()).orElseThrow().refresh();
        world.clock.advance(ClientSignIn.GRACE);
        assertThat(refresh(second)).isPresent();
        assertThatThrownBy(() -> refresh(given.refresh())).isInstanceOf(DomainException.class);
        assertThat(known(given)).isFalse();
    }

    @Test
    void aRefreshToken_ofAnotherClient_orMadeUp_isNotTaken_andEndsNothing() {
        Given given = signedIn();
        assertThat(oauth.signIns().refresh(UUID.randomUUID(), given.refresh(), POWERSHELL))
                .isEmpty();
        String madeUp = "A".repeat(43) + "." + "B".repeat(43);
        assertThat(refresh(madeUp)).isEmpty();
        assertThat(refresh("nonsense")).isEmpty();
        assertThat(refresh(given.signIn() + given.refresh().substring(43))).isEmpty();
        assertThat(known(given)).isTrue();
    }

    @Test
    void aRefreshToken_thatIsMadeUp_costsNoWrite() {
        world.transactions.killAtWrite(1, false);
        assertThat(refresh("A".repeat(43) + "." + "B".repeat(43))).isEmpty();
        world.transactions.spare();
    }

    @Test
    void aSignIn_thatIsNotUsed_orIsTwoWeeksOld_isOver() {
        Given idle = signedIn();
        world.clock.advance(ClientSignIn.IDLE);
        assertThat(refresh(idle.refresh())).isEmpty();

        signInAgain(PASSWORD);
        Given used = signedIn();
        String token = used.refresh();
        for (int days = 0; days < 12; days += 2) {
            world.clock.advance(Duration.ofDays(2));
            token = refresh(token).orElseThrow().refresh();
        }
        assertThat(known(used)).isTrue();
        world.clock.advance(Duration.ofDays(2));
        assertThat(known(used)).isFalse();
        assertThat(refresh(token)).isEmpty();
    }

    @Test
    void whateverEndsThePersonsSessions_endsItsClients_andCodesThatWereNotFetchedYet() {
        Given before = signedIn();
        Begun allowed = oauth.devices().begin(ASKED, HERE);
        oauth.devices().allow(by(ann), session, allowed.userCode());
        signIn.signOutEverywhere(visit(), session);
        assertThat(known(before)).isFalse();
        assertThat(refresh(before.refresh())).isEmpty();
        assertThat(oauth.devices().poll(allowed.deviceCode(), AZ)).isInstanceOf(Answer.Expired.class);

        signInAgain(PASSWORD);
        Given again = signedIn();
        signIn.changePassword(visit(), session, PASSWORD, "another good password");
        assertThat(known(again)).isFalse();

        signInAgain("another good password");
        Given last = signedIn();
        String link = people.reset(inviter, ann.id()).link();
        assertThat(known(last)).isFalse();

        session = signIn.session(signIn.withLink(visit(), link, PASSWORD, Optional.empty())
                        .token())
                .orElseThrow();
        Given deleted = signedIn();
        people.delete(inviter, ann.id());
        assertThat(known(deleted)).isFalse();
        assertThat(refresh(deleted.refresh())).isEmpty();
    }

    @Test
    void whoMustChangeThePassword_isSignedOutOfClients_untilThatIsDone() {
        Given given = signedIn();
        database.transactions()
                .run(tx -> world.stores
                        .people()
                        .setPassword(tx, ann.id(), "hash:lent", true)
                        .require(ann.id()));
        assertThat(known(given)).isFalse();
        assertThat(refresh(given.refresh())).isEmpty();
    }

    @Test
    void oneClient_isSignedOutAlone_byItsPerson() {
        Given one = signedIn();
        Given two = signedIn();
        Person bob = newcomer("bob").person();
        oauth.signIns().end(by(bob), bob, one.signIn());
        assertThat(known(one)).isTrue();

        oauth.signIns().end(by(ann), ann, one.signIn());
        assertThat(known(one)).isFalse();
        assertThat(oauth.signIns().of(ann)).extracting(ClientSignIn::id).containsExactly(two.signIn());
        assertThat(records(Action.SIGN_OUT)).hasSize(1);
    }

    @Test
    void whatIsOver_isForgotten_andNothingElse() {
        Given kept = signedIn();
        oauth.devices().begin(ASKED, HERE);
        world.clock.advance(DeviceSignIn.LIFETIME);
        world.elapsed.advance(DeviceSignIn.LIFETIME);
        world.node.time().seen();
        oauth.signIns().tidy();
        assertThat(known(kept)).isTrue();
    }
}
