package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.directory.Groups;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.ClientSignIns;
import dev.keyturn.core.oauth.CodeSignIn;
import dev.keyturn.core.oauth.DeviceSignIn;
import dev.keyturn.core.oauth.OAuth;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.outside.HsmAdministrators;
import dev.keyturn.core.outside.OutsideRefusal;
import dev.keyturn.core.outside.OutsideSignIn;
import dev.keyturn.core.outside.OutsideSignIn.Shown;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Outside;
import dev.keyturn.core.people.PasskeySignIn;
import dev.keyturn.core.people.Passkeys;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.RandomToken;
import dev.keyturn.core.people.SignIn;
import dev.keyturn.core.people.SignIn.SignedIn;
import dev.keyturn.core.people.SignIn.Started;
import dev.keyturn.core.people.SignIn.Visit;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.node.Node;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People whom a provider outside signs in: who they are here, and what follows from what the provider says. */
class OutsidePeopleTest {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);
    private static final Subscription SUB = new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test");
    private static final GroupName NIGHT = new GroupName("Night shift");
    private static final GroupName DAY = new GroupName("Day shift");
    private static final Outside OUTSIDE = new Outside(Optional.of("https://login.example"), Set.of(NIGHT, DAY));
    private static final String VERIFIER = "v".repeat(43);

    private final Call server = Call.server(Call.SERVER, new UUID(0, 1));
    private TestDatabase database;
    private World world;
    private Node node;
    private People people;
    private Groups groups;
    private SignIn signIn;
    private OutsideSignIn outside;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        world = World.fresh(database);
        node = world.where(OUTSIDE);
        node.outsideStart(SUB).ensure();
        people = node.people(SUB);
        groups = node.groups(SUB);
        signIn = node.signIn(new PlainHasher());
        outside = node.outsideSignIn(signIn, SUB);
    }

    @AfterEach
    void close() {
        node.close();
        world.node.close();
        database.close();
    }

    private static Visit visit() {
        return new Visit(UUID.randomUUID(), Optional.empty(), "127.0.0.1");
    }

    private static Shown shown(String subject, String name, GroupName... in) {
        return new Shown(subject, name, name + " of nowhere", Set.of(in), in.length > 0, Optional.empty());
    }

    private Started enter(String subject, String name, GroupName... in) {
        return outside.enter(visit(), shown(subject, name, in), Optional.empty());
    }

    private void refused(OutsideRefusal why, Runnable attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        DomainException.class,
                        e -> assertThat(e.error().info().code()).isEqualTo(why.code()));
        AuditRecord last = records().getLast();
        assertThat(last.code()).contains(why.code());
        assertThat(last.action()).isEqualTo(Action.SIGN_IN.azure());
        assertThat(last.target().orElseThrow()).startsWith("/outside/https%3A%2F%2Flogin.example");
    }

    private void closed(Runnable attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Conflict.class))
                .hasMessageContaining("https://login.example");
    }

    private List<AuditRecord> records() {
        return database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1000));
    }

    private Set<String> groupsOf(Person person) {
        return Set.copyOf(database.transactions()
                .read(tx -> node.stores().personGroups().of(tx, person.id()).stream()
                        .map(g -> g.name().text())
                        .toList()));
    }

    private static Call as(Person person) {
        return new Call(person.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
    }

    private void give(PersonGroup group, UUID role) {
        database.transactions()
                .run(tx -> node.services()
                        .assignments()
                        .grant(
                                tx,
                                "test",
                                new Grant(UUID.randomUUID(), SUBSCRIPTION, role, group.id(), Optional.empty())));
    }

    @Test
    void whoComesFirst_getsAPerson_andIsTheSameOneAgain_whateverTheNameIsThen() {
        Started first = enter("s1", "ann", NIGHT);
        assertThat(first.person().name()).isEqualTo(new SignInName("ann"));
        assertThat(first.person().displayName()).isEqualTo("ann of nowhere");
        assertThat(first.person().createdBy()).isEqualTo("https://login.example");
        Started second = enter("s1", "anna", NIGHT);
        assertThat(second.person().id()).isEqualTo(first.person().id());
        assertThat(second.person().name()).isEqualTo(new SignInName("ann"));
        assertThat(second.person().displayName()).isEqualTo("anna of nowhere");
        AuditRecord last = records().getLast();
        assertThat(last.outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(last.target())
                .contains("/people/" + first.person().id() + "/outside/https%3A%2F%2Flogin.example/s1");
    }

    @Test
    void nameOfSomebodyElse_orThatIsNone_isRefused_andMakesNobody() {
        Person local = world.node
                .people(SUB)
                .invite(server, new SignInName("Ann"), "Ann")
                .person();
        refused(OutsideRefusal.NAME_TAKEN, () -> enter("s1", "ann", NIGHT));
        refused(OutsideRefusal.NAME_UNUSABLE, () -> enter("s1", "", NIGHT));
        refused(OutsideRefusal.NAME_UNUSABLE, () -> enter("s1", "ann smith", NIGHT));
        enter("s2", "bob", NIGHT);
        refused(OutsideRefusal.NAME_TAKEN, () -> enter("s1", "bob", NIGHT));
        assertThat(groupsOf(local)).isEmpty();
        assertThat(people.page(server, Optional.empty(), 9)).hasSize(2);
    }

    @Test
    void groupsFollowTheProvider_andNoOthers_withWhatTheyMay() {
        give(groups.find(server, NIGHT.text()), Roles.READER.id());
        PersonGroup own = groups.make(server, new GroupName("Own"), "");
        Person ann = enter("s1", "ann", NIGHT).person();
        groups.add(server, own.id(), ann.name());
        assertThat(groupsOf(ann)).containsExactlyInAnyOrder("Night shift", "Own");
        assertThat(people.page(as(ann), Optional.empty(), 9)).isNotEmpty();
        Started day = enter("s1", "ann", DAY);
        assertThat(groupsOf(ann)).containsExactlyInAnyOrder("Day shift", "Own");
        assertThat(signIn.session(day.token())).isPresent();
        assertThatThrownBy(() -> people.page(as(ann), Optional.empty(), 9)).isInstanceOf(DomainException.class);
    }

    @Test
    void whoIsLetInNoMore_losesGroupsAndSessions_andTheRefusalIsRecorded() {
        Started before = enter("s1", "ann", NIGHT);
        refused(OutsideRefusal.NOT_LET_IN, () -> enter("s1", "ann"));
        assertThat(groupsOf(before.person())).isEmpty();
        assertThat(signIn.session(before.token())).isEmpty();
        refused(OutsideRefusal.NOT_LET_IN, () -> enter("s2", "bob"));
        assertThat(people.page(server, Optional.empty(), 9)).hasSize(1);
    }

    @Test
    void whoWasDeletedHere_staysOut_untilLetInAgain_asSomebodyElse() {
        Person ann = enter("s1", "ann", NIGHT).person();
        people.delete(server, ann.id());
        refused(OutsideRefusal.SHUT_OUT, () -> enter("s1", "ann", NIGHT));
        refused(OutsideRefusal.SHUT_OUT, () -> enter("s1", "other", NIGHT));
        assertThat(people.shutOut(server, 9)).extracting(Outsider::subject).containsExactly("s1");
        people.readmit(server, "https://login.example", "s1");
        assertThat(people.shutOut(server, 9)).isEmpty();
        assertThat(enter("s1", "ann", NIGHT).person().id()).isNotEqualTo(ann.id());
        assertThatThrownBy(() -> people.readmit(as(ann), "https://login.example", "s1"))
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Forbidden.class));
    }

    @Test
    void groupOfTheProvider_isNotChangedByHand_andAnotherIs() {
        Person ann = enter("s1", "ann", NIGHT).person();
        PersonGroup night = groups.find(server, NIGHT.text());
        closed(() -> groups.remove(server, night.id(), ann.name()));
        closed(() -> groups.add(server, night.id(), ann.name()));
        closed(() -> groups.delete(server, night.id()));
        Person local = world.node
                .people(SUB)
                .invite(server, new SignInName("local"), "local")
                .person();
        world.node.groups(SUB).add(server, night.id(), local.name());
        assertThat(groups.leftHere(night, groups.members(server, night.id(), Optional.empty(), 9)))
                .containsExactly(local.id());
        groups.remove(server, night.id(), local.name());
        assertThat(groups.leftHere(night, groups.members(server, night.id(), Optional.empty(), 9)))
                .isEmpty();
        assertThat(groupsOf(local)).isEmpty();
        assertThat(groupsOf(ann)).containsExactly("Night shift");
        PersonGroup own = groups.make(server, new GroupName("Own"), "");
        groups.add(server, own.id(), ann.name());
        groups.delete(server, own.id());
    }

    @Test
    void passwordsInvitationsAndPeoplesLinks_areClosed_butTheServersLinkLetsALocalPersonIn() {
        Person local = world.node
                .people(SUB)
                .invite(server, new SignInName("local"), "local")
                .person();
        Person ann = enter("s1", "ann", NIGHT).person();
        give(groups.find(server, NIGHT.text()), Roles.OWNER.id());
        closed(() -> signIn.withPassword(visit(), "local", "a good long password", Optional.empty()));
        closed(() -> people.invite(server, new SignInName("bob"), "bob"));
        closed(() -> people.reset(as(ann), local.id()));
        closed(() -> people.reset(server, ann.id()));
        String link = people.reset(server, local.id()).link();
        closed(() -> signIn.withLink(visit(), link, "a good long password", Optional.empty()));
        Started started = signIn.withLinkAlone(visit(), link, Optional.empty());
        assertThat(started.person().id()).isEqualTo(local.id());
        assertThatThrownBy(() -> signIn.withLinkAlone(visit(), link, Optional.empty()))
                .isInstanceOf(DomainException.class);
    }

    @Test
    void everyWayInThatIsClosed_andEveryChangeOfOne_isRefused() {
        SignedIn ann = justNow();
        Key key = new SecretKeySpec(new byte[32], "HmacSHA256");
        PasskeySignIn withPasskeys = node.passkeySignIn(signIn, new PlainVerifier(), key);
        Passkeys passkeys = node.passkeys(new PlainVerifier(), key);
        String password = "a good long password";
        closed(() -> signIn.withPassword(visit(), "ann", password, Optional.empty()));
        closed(() -> signIn.changePassword(visit(), ann, password, "another long password"));
        closed(() -> withPasskeys.withPassword(visit(), "ann", password, Optional.empty(), "browser"));
        String alone = withPasskeys.alone("browser").challenge();
        closed(() -> withPasskeys.withPasskey(
                visit(), PlainVerifier.sign("phone", alone, new byte[0], 0), Optional.empty(), "browser"));
        closed(() -> passkeys.add(visit(), ann, "phone", PlainVerifier.make("phone", "challenge")));
        closed(() -> passkeys.remove(visit(), ann, "phone"));
        closed(() -> passkeys.require(visit(), ann, true));
        closed(() -> passkeys.require(visit(), ann, false));
    }

    @Test
    void emergencyLink_leavesThePassword_forAStartWithoutTheProvider() {
        String password = "a good long password";
        SignIn here = world.node.signIn(new PlainHasher());
        People.Invited local = world.node.people(SUB).invite(server, new SignInName("local"), "local");
        here.withLink(visit(), local.link(), password, Optional.empty());
        signIn.withLinkAlone(visit(), people.reset(server, local.person().id()).link(), Optional.empty());
        assertThat(here.withPassword(visit(), "local", password, Optional.empty())
                        .person())
                .isEqualTo(local.person());
        people.reset(server, local.person().id());
        assertThat(here.withPassword(visit(), "local", password, Optional.empty())
                        .person())
                .isEqualTo(local.person());
        world.node.people(SUB).reset(server, local.person().id());
        assertThatThrownBy(() -> here.withPassword(visit(), "local", password, Optional.empty()))
                .isInstanceOf(DomainException.class);
    }

    @Test
    void managedHsm_keepsAnAdministratorWhoCanComeIn() {
        Person local = world.node
                .people(SUB)
                .invite(server, new SignInName("local"), "local")
                .person();
        Person ann = enter("s1", "ann", NIGHT).person();
        administrates(local.id());
        HsmAdministrators administrators = new HsmAdministrators(
                node.stores().roleAssignments(),
                node.stores().people(),
                node.stores().outsiders(),
                OUTSIDE);
        assertThat(database.transactions().read(administrators::unreachable)).containsExactly("vaulted");
        administrates(ann.id());
        assertThat(database.transactions().read(administrators::unreachable)).isEmpty();
        assertThatThrownBy(() -> people.delete(server, ann.id()))
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Conflict.class))
                .hasMessageContaining("'vaulted'");
        people.delete(server, local.id());
    }

    private void administrates(PrincipalId who) {
        database.transactions()
                .run(tx -> node.services()
                        .assignments()
                        .grant(
                                tx,
                                "test",
                                new Grant(
                                        UUID.randomUUID(),
                                        Scope.hsm("vaulted"),
                                        HsmRoles.ADMINISTRATOR.id(),
                                        who,
                                        Optional.empty())));
    }

    @Test
    void programOfALocalPerson_goesOnForTwelveHours_andThePageSaysSo() {
        Person local = world.node
                .people(SUB)
                .invite(server, new SignInName("local"), "local")
                .person();
        String link = people.reset(server, local.id()).link();
        SignedIn in = signIn.session(
                        signIn.withLinkAlone(visit(), link, Optional.empty()).token())
                .orElseThrow();
        OAuth oauth = oauth();
        PublicClient az =
                PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
        String code = allow(oauth.codes(), in);
        Instant until = oauth.signIns().until(in.person().id());
        var given = oauth.codes()
                .redeem(UUID.randomUUID(), code, az, "http://localhost:1", VERIFIER, "127.0.0.1")
                .orElseThrow()
                .given();
        assertThat(Duration.between(given.authenticatedAt(), until).abs()).isLessThanOrEqualTo(Outsider.TRUSTED);
        world.pass(Outsider.TRUSTED.minus(Duration.ofMinutes(1)));
        assertThat(oauth.signIns().caller(local.id(), given.signIn())).isPresent();
        world.pass(Duration.ofMinutes(2));
        assertThat(oauth.signIns().caller(local.id(), given.signIn())).isEmpty();
        assertThat(oauth.signIns().refresh(UUID.randomUUID(), given.refresh(), az))
                .isEmpty();
    }

    @Test
    void linkAlone_signsNobodyIn_wherePeopleHavePasswords() {
        String link = world.node
                .people(SUB)
                .invite(server, new SignInName("local"), "local")
                .link();
        SignIn here = world.node.signIn(new PlainHasher());
        assertThatThrownBy(() -> here.withLinkAlone(visit(), link, Optional.empty()))
                .isInstanceOf(DomainException.class);
        assertThat(here.ofLink(link)).isPresent();
    }

    @Test
    void whereAnotherOneSignsPeopleIn_everybodyIsSignedOut_andNotAtEveryStart() {
        Started ann = enter("s1", "ann", NIGHT);
        node.outsideStart(SUB).ensure();
        assertThat(signIn.session(ann.token())).isPresent();
        world.node.outsideStart(SUB).ensure();
        assertThat(signIn.session(ann.token())).isEmpty();
    }

    @Test
    void whomTheProviderKnewAlready_letsNoProgramIn_beforeSigningInThereAgain() {
        OAuth oauth = oauth();
        CodeSignIn codes = oauth.codes();
        SignedIn known = signIn.session(enter("s1", "ann", NIGHT).token()).orElseThrow();
        assertThat(oauth.signIns().mustSignInAgain(known)).isTrue();
        assertThatThrownBy(() -> allow(codes, known))
                .isInstanceOfSatisfying(
                        DomainException.class, e -> assertThat(e.error()).isInstanceOf(DomainError.Forbidden.class));
        assertThat(oauth.signIns().mustSignInAgain(justNow())).isFalse();
    }

    @Test
    void programs_goOnForTwelveHours_afterTheProviderSaidWhoThePersonIs() {
        OAuth oauth = oauth();
        PublicClient az =
                PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
        String code = allow(oauth.codes(), justNow());
        var given = oauth.codes()
                .redeem(UUID.randomUUID(), code, az, "http://localhost:1", VERIFIER, "127.0.0.1")
                .orElseThrow()
                .given();
        world.pass(Outsider.TRUSTED.minus(Duration.ofMinutes(1)));
        var next =
                oauth.signIns().refresh(UUID.randomUUID(), given.refresh(), az).orElseThrow();
        assertThat(oauth.signIns().caller(next.person().id(), next.signIn())).isPresent();
        world.pass(Duration.ofMinutes(2));
        assertThat(oauth.signIns().caller(next.person().id(), next.signIn())).isEmpty();
        assertThat(oauth.signIns().refresh(UUID.randomUUID(), next.refresh(), az))
                .isEmpty();
    }

    private OAuth oauth() {
        return node.oauth(new DeviceSignIn.Bounds(9, 9));
    }

    /** Ten minutes from what the provider says, not from the answer that brought it. */
    @Test
    void freshSignIn_lastsFromWhenThePersonShowedWhoItIs() {
        SignedIn ann = shownAt(world.clock.instant().minus(Duration.ofMinutes(8)));
        ClientSignIns signIns = oauth().signIns();
        assertThat(ann.session().createdAt()).isEqualTo(world.clock.instant());
        assertThat(signIns.mustSignInAgain(ann)).isFalse();
        world.pass(Duration.ofMinutes(2));
        assertThat(signIns.mustSignInAgain(ann)).isTrue();
        assertThat(signIns.mustSignInAgain(justNow())).isFalse();
        assertThat(signIns.mustSignInAgain(shownAt(world.clock.instant().plus(Duration.ofHours(1)))))
                .as("a provider's clock that is ahead prolongs nothing")
                .isFalse();
        assertThat(shownAt(world.clock.instant().plus(Duration.ofHours(1)))
                        .session()
                        .shownAt())
                .isEqualTo(world.clock.instant());
    }

    private SignedIn justNow() {
        return shownAt(world.clock.instant());
    }

    private SignedIn shownAt(Instant at) {
        Shown shown = new Shown("s1", "ann", "Ann", Set.of(NIGHT), true, Optional.of(at));
        return signIn.session(outside.enter(visit(), shown, Optional.empty()).token())
                .orElseThrow();
    }

    private static String allow(CodeSignIn codes, SignedIn signedIn) {
        PublicClient az =
                PublicClient.find("04b07795-8ddb-461a-bbee-02f9e1bf7b46").orElseThrow();
        return codes.allow(
                as(signedIn.person()),
                signedIn,
                new Asked(az, "https://keyturn.example/arm", "openid"),
                new CodeSignIn.Bound("http://localhost:1", RandomToken.hash(VERIFIER), Optional.empty()));
    }
}
