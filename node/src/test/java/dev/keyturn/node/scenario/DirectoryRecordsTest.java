package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.audit.Outcome;
import dev.keyturn.core.directory.Directory;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.ClientCertificate;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.Principal;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.host.simulated.SimulatedTables;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Principals, what they sign in with, and their roles: each change is recorded, with whom it is about. */
class DirectoryRecordsTest {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);

    private static final UUID OLD = new UUID(8, 8);

    private TestDatabase database;
    private World world;
    private Directory directory;
    private Principal about;
    private UUID secret;

    @BeforeEach
    void open(@TempDir Path dir) {
        database = TestDatabase.in(dir, SimulatedTables.MIGRATIONS);
        world = World.fresh(database);
        directory = world.node.directory(new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test"));
        about = world.principal("about");
        secret = database.transactions()
                .write(tx -> world.node
                        .services()
                        .principals()
                        .addSecret(tx, about.id(), "old", Optional.empty())
                        .stored()
                        .keyId());
        database.transactions()
                .run(tx -> assertThat(world.node
                                .services()
                                .principals()
                                .addCertificate(tx, certificate(OLD))
                                .keyId())
                        .isEqualTo(OLD));
    }

    @AfterEach
    void close() {
        world.node.close();
        database.close();
    }

    /** @param target what the record says it is about, behind {@code /servicePrincipals/<id>}; with {@code *}, anything */
    record Deed(String name, Action action, Doing doing, String target) {
        @Override
        public String toString() {
            return name;
        }
    }

    interface Doing {
        void by(DirectoryRecordsTest test, Call call);
    }

    static Stream<Deed> deeds() {
        UUID key = new UUID(7, 7);
        return Stream.of(
                principal("create", (t, c) -> t.directory.create(c, "made", _ -> List.of()), "*"),
                principal("adopt", (t, c) -> t.directory.adopt(c, UUID.randomUUID(), "adopted"), "*"),
                principal("delete", (t, c) -> t.directory.delete(c, t.about.id()), ""),
                principal("add secret", (t, c) -> t.directory.addSecret(c, t.about.id(), "s", Optional.empty()), "*"),
                principal("remove secret", (t, c) -> t.directory.removeSecret(c, t.about.id(), t.secret), "*"),
                principal("replace", (t, c) -> t.directory.replace(c, t.about.id(), List.of(), Optional.empty()), ""),
                principal(
                        "add certificate",
                        (t, c) -> t.directory.addCertificate(c, t.certificate(key)),
                        "/keyCredentials/" + key),
                principal(
                        "remove certificate",
                        (t, c) -> t.directory.removeCertificate(c, t.about.id(), OLD),
                        "/keyCredentials/" + OLD),
                new Deed("grant", Action.ROLE_ASSIGNMENT_WRITE, (t, c) -> t.grant(c, key), "*"),
                new Deed(
                        "revoke",
                        Action.ROLE_ASSIGNMENT_DELETE,
                        (t, c) -> t.world
                                .node
                                .services()
                                .grants()
                                .revoke(c, SUBSCRIPTION, t.world.grant(SUBSCRIPTION, Roles.READER, t.about.id())),
                        "*"));
    }

    /** Deeds that find nothing to do, and what they are answered with. */
    static Stream<Deed> vain() {
        UUID none = new UUID(9, 9);
        PrincipalId nobody = new PrincipalId(none);
        return Stream.of(
                principal("delete", (t, c) -> t.directory.delete(c, nobody), "Request_ResourceNotFound"),
                principal(
                        "remove secret",
                        (t, c) -> t.directory.removeSecret(c, t.about.id(), none),
                        "Request_BadRequest"),
                principal(
                        "remove certificate",
                        (t, c) -> t.directory.removeCertificate(c, t.about.id(), none),
                        "Request_BadRequest"),
                principal(
                        "adopt",
                        (t, c) -> t.directory.adopt(c, t.about.appId(), "again"),
                        "Request_MultipleObjectsWithSameKeyValue"));
    }

    @ParameterizedTest
    @MethodSource("vain")
    void deedThatFindsNothing_isRecordedAsFailed_withTheCodeOfItsAnswer(Deed deed) {
        Call call = caller(true);

        DomainError refused = World.refused(() -> deed.doing().by(this, call));

        assertThat(refused.info().code()).isEqualTo(deed.target());
        assertThat(world.recordsOf(call)).singleElement().satisfies(r -> {
            assertThat(r.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(r.code()).contains(deed.target());
        });
    }

    private ClientCertificate certificate(UUID key) {
        return new ClientCertificate(key, about.id(), new byte[] {1}, "c", Instant.EPOCH);
    }

    private static Deed principal(String name, Doing doing, String target) {
        return new Deed(name, Action.PRINCIPAL_WRITE, doing, target);
    }

    private void grant(Call call, UUID name) {
        var granted = world.node
                .services()
                .grants()
                .grant(call, new Grant(name, SUBSCRIPTION, Roles.READER.id(), about.id(), Optional.empty()));
        assertThat(granted.created()).isTrue();
    }

    private Call caller(boolean owner) {
        Principal made = world.principal("who");
        if (owner) {
            world.grant(SUBSCRIPTION, Roles.OWNER, made.id());
        }
        return new Call(
                new Caller(made.id(), made.appId().toString()), UUID.randomUUID(), Optional.empty(), Call.Door.GRAPH);
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void deed_isRecordedOnce_withWhomItIsAbout(Deed deed) {
        Call call = caller(true);

        deed.doing().by(this, call);

        assertThat(world.recordsOf(call)).hasSize(1);
        AuditRecord found = world.recordsOf(call).getFirst();
        assertThat(found.outcome()).isEqualTo(Outcome.ALLOWED);
        assertThat(found.action()).isEqualTo(deed.action().azure());
        assertThat(found.scope()).isEqualTo(SUBSCRIPTION.path());
        assertThat(found.caller()).isEqualTo(call.caller().principal());
        assertThat(found.door()).isEqualTo(Call.Door.GRAPH);
        if (deed.target().equals("*")) {
            assertThat(found.target()).isPresent();
        } else {
            assertThat(found.target()).contains("/servicePrincipals/" + about.id() + deed.target());
        }
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void deedOfWhoMayNot_isRecordedAsRefused(Deed deed) {
        Call call = caller(false);

        DomainError refused = World.refused(() -> deed.doing().by(this, call));

        assertThat(refused).isInstanceOf(DomainError.Forbidden.class);
        assertThat(world.recordsOf(call)).hasSize(1);
        assertThat(world.recordsOf(call).getFirst().outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(world.recordsOf(call).getFirst().action())
                .isEqualTo(deed.action().azure());
    }

    @ParameterizedTest
    @MethodSource("deeds")
    void deed_whoseAssignmentGoesJustBefore_isRefusedInside(Deed deed) {
        Call call = caller(false);
        UUID name = world.grant(SUBSCRIPTION, Roles.OWNER, call.caller().principal());
        world.transactions.before(2, () -> world.revoke(SUBSCRIPTION, name));

        DomainError refused = World.refused(() -> deed.doing().by(this, call));

        assertThat(world.transactions.happened()).isTrue();
        assertThat(refused).isInstanceOf(DomainError.Forbidden.class);
        assertThat(world.recordsOf(call)).hasSize(1);
        assertThat(world.recordsOf(call).getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void deedThatFails_isRecordedAsFailedAlone() {
        Call call = caller(true);

        DomainError refused = World.refused(
                () -> directory.addSecret(call, new PrincipalId(UUID.randomUUID()), "s", Optional.empty()));

        assertThat(world.recordsOf(call)).hasSize(1);
        assertThat(world.recordsOf(call).getFirst().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(world.recordsOf(call).getFirst().code())
                .contains(refused.info().code());
    }

    @Test
    void secretOfAPrincipalOfAnHsm_isRefused_whereTheCallerMayNotAssignThere() {
        world.grant(Scope.hsm("h"), HsmRoles.CRYPTO_USER, about.id());
        Call call = caller(true);

        DomainError refused = World.refused(() -> directory.addSecret(call, about.id(), "s", Optional.empty()));

        assertThat(refused.info().code()).isEqualTo("Authorization_RequestDenied");
        assertThat(world.recordsOf(call).getFirst().action()).isEqualTo(Action.HSM_ROLE_ASSIGNMENT_WRITE.azure());
        assertThat(world.recordsOf(call).getFirst().outcome()).isEqualTo(Outcome.REFUSED);
        directory.removeSecret(call, about.id(), secret);
    }

    @Test
    void principal_rollsItsOwnCertificates_withoutARole_andThatIsRecorded() {
        Call own = new Call(
                new Caller(about.id(), about.appId().toString()), UUID.randomUUID(), Optional.empty(), Call.Door.GRAPH);
        UUID key = UUID.randomUUID();

        directory.addCertificate(own, certificate(key));
        directory.removeCertificate(own, about.id(), key);

        assertThat(world.recordsOf(own))
                .extracting(AuditRecord::outcome)
                .containsExactly(Outcome.ALLOWED, Outcome.ALLOWED);
        assertThat(World.refused(() -> directory.addSecret(own, about.id(), "s", Optional.empty())))
                .isInstanceOf(DomainError.Forbidden.class);
    }
}
