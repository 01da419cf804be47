package dev.keyturn.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AccessTest {
    private static final String S = "11111111-1111-1111-1111-111111111111";
    private static final ArmId VAULT = new ArmId(S, "rg", "Microsoft.KeyVault/vaults", "v");
    private static final String WRAP = "Microsoft.KeyVault/vaults/keys/wrap/action";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
    private final InMemoryDirectory directory = new InMemoryDirectory();
    private final Principals principals = new Principals(directory, directory, directory, clock, new SecureRandom());
    private final RoleAssignments assignments = new RoleAssignments(directory, directory, directory, clock);
    private final RoleAccess access = new RoleAccess(directory);
    private final Principal who = directory.write(tx -> principals.createServicePrincipal(tx, "who"));
    private final Caller caller = new Caller(who.id(), "who");

    @Test
    void may_withoutAssignment_isNo() {
        assertThat(may(who.id(), "Microsoft.Compute/disks/read", Scope.subscription(S)))
                .isFalse();
    }

    @Test
    void may_assignedAtTheGroup_holdsForItsVaultsAndNotBesideIt() {
        grant(new Scope("/subscriptions/" + S + "/resourceGroups/RG"), Roles.KEY_VAULT_CRYPTO_USER);

        assertThat(may(who.id(), WRAP, Scope.of(VAULT))).isTrue();
        assertThat(may(who.id(), WRAP, new Scope("/subscriptions/" + S))).isFalse();
        assertThat(may(who.id(), WRAP, Scope.of(new ArmId(S, "rg2", "Microsoft.KeyVault/vaults", "v"))))
                .isFalse();
    }

    @Test
    void may_ownerOfTheSubscription_usesNoKey() {
        grant(Scope.subscription(S), Roles.OWNER);

        assertThat(may(who.id(), "Microsoft.KeyVault/vaults/write", Scope.of(VAULT)))
                .isTrue();
        assertThat(may(who.id(), WRAP, Scope.of(VAULT))).isFalse();
    }

    @Test
    void may_notActionsOfOneRole_doNotForbidWhatAnotherGrants() {
        grant(Scope.subscription(S), Roles.CONTRIBUTOR);
        String write = "Microsoft.Authorization/roleAssignments/write";
        assertThat(may(who.id(), write, Scope.of(VAULT))).isFalse();

        grant(Scope.of(VAULT), Roles.USER_ACCESS_ADMINISTRATOR);
        assertThat(may(who.id(), write, Scope.of(VAULT))).isTrue();
    }

    @Test
    void may_hsmRole_holdsInThatHsmDownToItsKeys() {
        grant(Scope.hsmKey("h", "k"), HsmRoles.CRYPTO_SERVICE_ENCRYPTION_USER);
        String wrap = "Microsoft.KeyVault/managedHsm/keys/wrap/action";

        assertThat(may(who.id(), wrap, Scope.hsmKey("h", "k"))).isTrue();
        assertThat(may(who.id(), wrap, Scope.hsmKey("h", "k2"))).isFalse();
        assertThat(may(who.id(), wrap, Scope.hsmKey("h2", "k"))).isFalse();
    }

    @Test
    void may_afterRevoking_isNoFromTheNextQuestionOn() {
        RoleAssignment made = grant(Scope.of(VAULT), Roles.KEY_VAULT_CRYPTO_USER);
        assertThat(may(who.id(), WRAP, Scope.of(VAULT))).isTrue();

        assertThat(directory.<Optional<RoleAssignment>>write(tx -> assignments.revoke(tx, made.scope(), made.name())))
                .contains(made);

        assertThat(may(who.id(), WRAP, Scope.of(VAULT))).isFalse();
    }

    @Test
    void refused_namesPrincipalActionAndScope() {
        DomainError refused = RoleAccess.refused(caller, WRAP, Scope.of(VAULT));

        assertThat(refused).isInstanceOf(DomainError.Forbidden.class);
        assertThat(refused.info().code()).isEqualTo("AuthorizationFailed");
        assertThat(refused.info().message())
                .contains(who.id().toString(), WRAP, Scope.of(VAULT).path());
    }

    @Test
    void grant_again_changesNothing_underAnotherNameIsRefused() {
        RoleAssignment first = grant(Scope.of(VAULT), Roles.READER);

        assertThat(grant(ask(first.name(), Scope.of(VAULT), Roles.READER)))
                .isEqualTo(new RoleAssignments.Granted(first, false));
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> grant(ask(UUID.randomUUID(), Scope.of(VAULT), Roles.READER)))
                .withMessageContaining("RoleAssignmentExists")
                .withMessageContaining(first.name().toString());
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> grant(ask(first.name(), Scope.of(VAULT), Roles.OWNER)))
                .withMessageContaining("RoleAssignmentUpdateNotPermitted");
    }

    @Test
    void grant_roleOfTheOtherKind_isRefused() {
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> grant(Scope.of(VAULT), HsmRoles.CRYPTO_USER))
                .withMessageContaining("local role");
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> grant(Scope.hsm("h"), Roles.OWNER))
                .withMessageContaining("roles of its own");
    }

    @Test
    void grant_toNobody_isRefused() {
        var nobody = new RoleAssignments.Grant(
                UUID.randomUUID(),
                Scope.of(VAULT),
                Roles.READER.id(),
                new PrincipalId(UUID.randomUUID()),
                Optional.empty());
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> grant(nobody))
                .withMessageContaining("PrincipalNotFound");
    }

    @Test
    void grant_toAPrincipalOfASaidType_doesNoLookUp() {
        var unknown = new RoleAssignments.Grant(
                UUID.randomUUID(),
                Scope.of(VAULT),
                Roles.READER.id(),
                new PrincipalId(UUID.randomUUID()),
                Optional.empty(),
                Optional.of(HolderKind.USER));

        RoleAssignments.Granted granted = grant(unknown);
        assertThat(granted.created()).isTrue();
        assertThat(granted.assignment().holder()).isEqualTo(HolderKind.USER);
        assertThat(grant(unknown).created()).isFalse();
    }

    @Test
    void delete_ofAManagedIdentity_takesItsGrantsAlong() {
        ArmId set = new ArmId(S, "rg", "Microsoft.Compute/diskEncryptionSets", "d");
        PrincipalId identity = directory.write(tx -> principals.create(tx, set));
        grant(new RoleAssignments.Grant(
                UUID.randomUUID(),
                Scope.of(VAULT),
                Roles.KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER.id(),
                identity,
                Optional.empty()));
        assertThat(may(identity, WRAP, Scope.of(VAULT))).isTrue();

        directory.run(tx -> principals.delete(tx, set));

        assertThat(may(identity, WRAP, Scope.of(VAULT))).isFalse();
        assertThat(principals.find(identity)).isEmpty();
    }

    @Test
    void authenticate_takesTheRightSecretUntilItExpires() {
        var secret = directory.write(
                tx -> principals.addServiceSecret(tx, who.id(), "s", Optional.of(now.plus(Duration.ofDays(1)))));

        assertThat(principals.authenticate(who.appId(), secret.text())).contains(who);
        assertThat(principals.authenticate(who.appId(), secret.text() + "x")).isEmpty();
        assertThat(principals.authenticate(UUID.randomUUID(), secret.text())).isEmpty();
        assertThat(new String(secret.stored().hash(), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain(secret.text());
        assertThat(secret.toString()).doesNotContain(secret.text());

        now = now.plus(Duration.ofDays(1));
        assertThat(principals.authenticate(who.appId(), secret.text())).isEmpty();
    }

    private RoleAssignment grant(Scope scope, Role role) {
        return grant(ask(UUID.randomUUID(), scope, role)).assignment();
    }

    private RoleAssignments.Granted grant(RoleAssignments.Grant grant) {
        return directory.write(tx -> assignments.grant(tx, "who", grant));
    }

    private boolean may(PrincipalId principal, String action, Scope scope) {
        return directory.<Boolean>read(tx -> access.may(tx, principal, action, scope));
    }

    private RoleAssignments.Grant ask(UUID name, Scope scope, Role role) {
        return new RoleAssignments.Grant(name, scope, role.id(), who.id(), Optional.empty());
    }
}
