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
import dev.keyturn.core.people.Passkey;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.PasskeySignIn.Entered;
import dev.keyturn.core.people.Passkeys;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.store.TestDatabase;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People sign in with passkeys, alone and after a password, and change which they have. */
class PasskeysTest {
    private static final String GOOD = "a good long password";
    private static final String BROWSER = "what the browser has in a cookie";
    private static final Key KEY = new SecretKeySpec(new byte[32], "HmacSHA256");
    private static final byte[] NO_HANDLE = {};

    private final Call inviter = Call.server(Call.SERVER, new UUID(0, 1));
    private TestDatabase database;
    private World world;
    private People people;
    private SignIn signIn;
    private PasskeySignIn withPasskeys;
    private Passkeys passkeys;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        world = World.fresh(database);
        people = world.node.people(new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test"));
        signIn = world.node.signIn(new PlainHasher());
        withPasskeys = world.node.passkeySignIn(signIn, new PlainVerifier(), KEY);
        passkeys = world.node.passkeys(new PlainVerifier(), KEY);
    }

    @AfterEach
    void close() {
        world.node.close();
        database.close();
    }

    private static Visit visit() {
        return new Visit(UUID.randomUUID(), Optional.empty(), "127.0.0.1");
    }

    private SignedIn person(String name) {
        People.Invited invited = people.invite(inviter, new SignInName(name), name);
        return in(signIn.withLink(visit(), invited.link(), GOOD, Optional.empty()));
    }

    private SignedIn in(Started started) {
        return signIn.session(started.token()).orElseThrow();
    }

    private Passkey add(SignedIn who, String device) {
        return passkeys.add(
                visit(),
                who,
                device,
                PlainVerifier.make(device, passkeys.making(who).challenge()));
    }

    private String alone() {
        return withPasskeys.alone(BROWSER).challenge();
    }

    private Started sign(String device, String challenge, byte[] handle, long count) {
        return withPasskeys.withPasskey(
                visit(), PlainVerifier.sign(device, challenge, handle, count), Optional.empty(), BROWSER);
    }

    private Started sign(String device, String challenge) {
        return sign(device, challenge, NO_HANDLE, 0);
    }

    private static byte[] handle(Person person) {
        return ByteBuffer.allocate(16)
                .putLong(person.id().value().getMostSignificantBits())
                .putLong(person.id().value().getLeastSignificantBits())
                .array();
    }

    private static void refused(Runnable attempt, Class<? extends DomainError> how, String message) {
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(DomainException.class, e -> {
            assertThat(e.error()).isInstanceOf(how);
            assertThat(e.error().info().message()).contains(message);
        });
    }

    private static void letsNobodyIn(Runnable attempt) {
        refused(attempt, DomainError.Unauthenticated.class, "lets nobody in");
    }

    private List<AuditRecord> records(Action action) {
        return database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1000)).stream()
                .filter(r -> r.action().equals(action.azure()))
                .toList();
    }

    private Entered password(String name, String password) {
        return withPasskeys.withPassword(visit(), name, password, Optional.empty(), BROWSER);
    }

    private String second(String name) {
        return ((Entered.Further) password(name, GOOD)).wanted().challenge();
    }

    @Test
    void aPasskey_letsItsPersonIn_withoutANameOrAPassword() {
        SignedIn ann = person("ann");
        add(ann, "phone");

        SignedIn again = in(sign("phone", alone(), handle(ann.person()), 0));
        assertThat(again.person()).isEqualTo(ann.person());
        assertThat(again.session().how()).isEqualTo(Session.How.PASSKEY);
        assertThat(passkeys.of(again).passkeys()).singleElement().satisfies(p -> {
            assertThat(p.lastUsedAt()).isPresent();
            assertThat(p.key().backedUp()).isTrue();
        });
        assertThat(records(Action.SIGN_IN).getLast().callerName()).isEqualTo("ann");
        AuditRecord added = records(Action.OWN_PASSKEY_WRITE).getLast();
        assertThat(added.callerName()).isEqualTo("ann");
        assertThat(added.target()).contains("/people/" + ann.person().id() + "/passkeys/phone");
    }

    @Test
    void anUnknownPasskey_andAWrongSignature_areRefusedAlike_andThePersonsIsRecorded() {
        add(person("ann"), "phone");
        letsNobodyIn(() -> sign("nobodys", alone()));
        int before = records(Action.SIGN_IN).size();
        letsNobodyIn(() -> withPasskeys.withPasskey(
                visit(),
                new dev.keyturn.core.people.PasskeyAnswer.Signed(
                        alone(), "phone", new byte[0], new byte[8], new byte[0], NO_HANDLE),
                Optional.empty(),
                BROWSER));
        assertThat(records(Action.SIGN_IN)).hasSize(before + 1);
        AuditRecord last = records(Action.SIGN_IN).getLast();
        assertThat(last.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(last.callerName()).isEqualTo("(not signed in)");
        assertThat(last.target().orElseThrow()).startsWith("/people/");
    }

    @Test
    void aChallenge_isAnsweredOnce_inItsBrowser_withinFiveMinutes() {
        SignedIn ann = person("ann");
        add(ann, "phone");
        String used = alone();
        sign("phone", used);
        refused(() -> sign("phone", used), DomainError.Unauthenticated.class, "done before");

        String elsewhere = withPasskeys.alone("another cookie").challenge();
        letsNobodyIn(() -> sign("phone", elsewhere));
        letsNobodyIn(() -> sign("phone", passkeys.making(ann).challenge()));
        letsNobodyIn(() -> sign("phone", "x"));
        String changed = alone();
        letsNobodyIn(() -> sign("phone", (changed.charAt(0) == 'A' ? "B" : "A") + changed.substring(1)));

        String old = alone();
        world.pass(Duration.ofMinutes(5));
        refused(() -> sign("phone", old), DomainError.Unauthenticated.class, "5 minutes");
        signIn.tidy();
        refused(() -> sign("phone", used), DomainError.Unauthenticated.class, "5 minutes");
    }

    @Test
    void whatAnAuthenticatorTakesForSomebodyElses_isRefused() {
        SignedIn ann = person("ann");
        SignedIn bob = person("bob");
        add(ann, "phone");
        letsNobodyIn(() -> sign("phone", alone(), handle(bob.person()), 0));
    }

    @Test
    void aCounterThatDoesNotGoOn_isRefused_andRecordedAsACopy() {
        add(person("ann"), "key");
        sign("key", alone(), NO_HANDLE, 5);
        for (long back : new long[] {5, 4, 0}) {
            refused(
                    () -> sign("key", alone(), NO_HANDLE, back),
                    DomainError.Unauthenticated.class,
                    "there may be a copy of it");
        }
        assertThat(records(Action.SIGN_IN).getLast().code()).contains(PasskeySignIn.COPIED);
        assertThat(sign("key", alone(), NO_HANDLE, 6)).isNotNull();
    }

    @Test
    void whereAPasskeyIsWantedAsWell_aPasswordBeginsNothing() {
        SignedIn ann = person("ann");
        add(ann, "phone");
        passkeys.require(visit(), ann, true);
        signIn.signOutEverywhere(visit(), ann);

        Entered.Further further = (Entered.Further) password("ann", GOOD);
        assertThat(further.wanted().credentials()).containsExactly("phone");
        refused(
                () -> signIn.withPassword(visit(), "ann", GOOD, Optional.empty()),
                DomainError.Unauthenticated.class,
                "not enough");
        assertThat(signIn.sessions(ann.person())).isEmpty();
        refused(() -> password("ann", "wrong password"), DomainError.Unauthenticated.class, "name or the password");

        SignedIn again = in(sign("phone", further.wanted().challenge()));
        assertThat(again.person()).isEqualTo(ann.person());
    }

    @Test
    void afterOnePersonsPassword_nobodyElsesPasskeyWillDo_norAfterThePasswordWasChanged() {
        SignedIn ann = person("ann");
        SignedIn bob = person("bob");
        add(ann, "anns");
        add(bob, "bobs");
        passkeys.require(visit(), ann, true);
        letsNobodyIn(() -> sign("bobs", second("ann")));

        String before = second("ann");
        signIn.changePassword(visit(), ann, GOOD, "another good one");
        letsNobodyIn(() -> sign("anns", before));
    }

    @Test
    void whoSignedInLongAgo_changesNothingOfIt_andItIsRecorded() {
        SignedIn ann = person("ann");
        add(ann, "phone");
        passkeys.require(visit(), ann, true);
        world.pass(Duration.ofMinutes(10));
        String again = "Sign in again";
        assertThat(passkeys.of(ann).fresh()).isFalse();
        refused(() -> add(ann, "mine"), DomainError.Forbidden.class, again);
        refused(() -> passkeys.remove(visit(), ann, "phone"), DomainError.Forbidden.class, again);
        refused(() -> passkeys.rename(visit(), ann, "phone", "x"), DomainError.Forbidden.class, again);
        refused(() -> passkeys.require(visit(), ann, false), DomainError.Forbidden.class, again);
        refused(
                () -> signIn.changePassword(visit(), ann, GOOD, "another good one"),
                DomainError.Invalid.class,
                "sign in again");
        assertThat(records(Action.OWN_PASSKEY_DELETE))
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.REFUSED, Outcome.REFUSED);
        assertThat(passkeys.of(ann).passkeys()).hasSize(1);
        assertThat(passkeys.of(ann).required()).isTrue();

        SignedIn proven = in(sign("phone", second("ann")));
        passkeys.require(visit(), proven, false);
        assertThat(passkeys.of(proven).required()).isFalse();
    }

    @Test
    void theLastPasskey_staysWhereOneIsWanted_andItsRemovalEndsTheOtherSessions() {
        SignedIn ann = person("ann");
        refused(() -> passkeys.require(visit(), ann, true), DomainError.Conflict.class, "no passkey yet");
        add(ann, "phone");
        passkeys.require(visit(), ann, true);
        refused(() -> passkeys.remove(visit(), ann, "phone"), DomainError.Conflict.class, "last passkey");

        passkeys.require(visit(), ann, false);
        SignedIn elsewhere = in(sign("phone", alone()));
        assertThat(signIn.sessions(ann.person())).hasSize(2);
        passkeys.remove(visit(), ann, "phone");
        assertThat(signIn.sessions(ann.person()))
                .extracting(Session::id)
                .containsExactly(ann.session().id());
        assertThat(elsewhere.session().id()).isNotEqualTo(ann.session().id());
        letsNobodyIn(() -> sign("phone", alone()));
    }

    @Test
    void somebodyElsesPasskey_cannotBeRemoved_orAddedAgain() {
        SignedIn ann = person("ann");
        SignedIn bob = person("bob");
        add(ann, "phone");
        refused(() -> passkeys.remove(visit(), bob, "phone"), DomainError.NotFound.class, "no such passkey");
        refused(() -> add(bob, "phone"), DomainError.Conflict.class, "there already");
        assertThat(passkeys.of(ann).passkeys()).hasSize(1);
    }

    @Test
    void aPasskey_isRenamedByItsPerson_andItIsRecorded_andSessionsGoOn() {
        SignedIn ann = person("ann");
        SignedIn bob = person("bob");
        add(ann, "phone");
        SignedIn elsewhere = in(sign("phone", alone()));
        passkeys.rename(visit(), ann, "phone", "  work laptop ");
        assertThat(passkeys.of(ann).passkeys()).extracting(Passkey::name).containsExactly("work laptop");
        assertThat(records(Action.OWN_PASSKEY_WRITE)).hasSize(2).last().satisfies(r -> {
            assertThat(r.callerName()).isEqualTo("ann");
            assertThat(r.target()).contains("/people/" + ann.person().id() + "/passkeys/phone");
        });
        assertThat(signIn.sessions(ann.person()))
                .extracting(Session::id)
                .contains(elsewhere.session().id());

        refused(() -> passkeys.rename(visit(), bob, "phone", "x"), DomainError.NotFound.class, "no such passkey");
        refused(() -> passkeys.rename(visit(), ann, "phone", " "), DomainError.Invalid.class, "1 to 60 characters");
        assertThat(passkeys.of(ann).passkeys()).extracting(Passkey::name).containsExactly("work laptop");
    }

    @Test
    void aMaking_isOfOneSession_andAnsweredOnce() {
        SignedIn ann = person("ann");
        SignedIn bob = person("bob");
        String challenge = passkeys.making(ann).challenge();
        String not = "not one to what this page asked";
        refused(
                () -> passkeys.add(visit(), bob, "x", PlainVerifier.make("x", challenge)),
                DomainError.Invalid.class,
                not);
        passkeys.add(visit(), ann, "x", PlainVerifier.make("x", challenge));
        refused(
                () -> passkeys.add(visit(), ann, "y", PlainVerifier.make("y", challenge)),
                DomainError.Invalid.class,
                not);
        refused(
                () -> passkeys.add(visit(), ann, "y", PlainVerifier.make("y", alone())),
                DomainError.Invalid.class,
                not);
        String late = passkeys.making(ann).challenge();
        world.pass(Duration.ofMinutes(5));
        refused(() -> passkeys.add(visit(), ann, "y", PlainVerifier.make("y", late)), DomainError.Invalid.class, not);
    }

    @Test
    void aPerson_hasTenPasskeysAtMost_eachWithAName() {
        SignedIn ann = person("ann");
        refused(() -> add(ann, " "), DomainError.Invalid.class, "1 to 60 characters");
        refused(() -> add(ann, "x".repeat(61)), DomainError.Invalid.class, "1 to 60 characters");
        for (int i = 0; i < Passkeys.MOST; i++) {
            add(ann, "key-" + i);
        }
        refused(() -> add(ann, "one-more"), DomainError.Conflict.class, "10 passkeys");
    }

    @Test
    void aNewLink_endsPasskeysAndTheWishForOne() {
        SignedIn ann = person("ann");
        add(ann, "phone");
        passkeys.require(visit(), ann, true);
        assertThat(people.passkeys(inviter, List.of(ann.person()))
                        .get(ann.person().id()))
                .isEqualTo(new People.Passkeys(1, true));

        People.Invited reset = people.reset(inviter, ann.person().id());
        letsNobodyIn(() -> sign("phone", alone()));
        SignedIn again = in(signIn.withLink(visit(), reset.link(), GOOD, Optional.empty()));
        assertThat(passkeys.of(again).passkeys()).isEmpty();
        assertThat(password("ann", GOOD)).isInstanceOf(Entered.In.class);
        assertThat(people.passkeys(inviter, List.of(ann.person()))
                        .get(ann.person().id()))
                .isEqualTo(new People.Passkeys(0, false));
    }

    @Test
    void aNewPassword_andSigningOutEverywhere_leavePasskeysAsTheyAre() {
        SignedIn ann = person("ann");
        add(ann, "phone");
        Started changed = signIn.changePassword(visit(), ann, GOOD, "another good one");
        signIn.signOutEverywhere(visit(), in(changed));
        assertThat(in(sign("phone", alone())).person()).isEqualTo(ann.person());
        people.delete(inviter, ann.person().id());
        letsNobodyIn(() -> sign("phone", alone()));
    }
}
