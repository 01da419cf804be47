package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditRecord;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.SignInName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** People in groups: what a group may do, each of them may, as long as they are in it. */
class PersonGroupsTest extends WithPeople {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);
    private static final GroupName NIGHT = new GroupName("Night shift");

    private HolderKind give(PrincipalId holder, UUID role, Scope at) {
        return database.transactions()
                .write(tx -> world.node
                        .services()
                        .assignments()
                        .grant(tx, "test", new Grant(UUID.randomUUID(), at, role, holder, Optional.empty()))
                        .assignment()
                        .holder());
    }

    private boolean mayReadPeople(Person person) {
        return database.transactions()
                .read(tx ->
                        world.node.services().access().may(tx, person.id(), Action.PERSON_READ.azure(), SUBSCRIPTION));
    }

    private static DomainError refusal(Runnable attempt) {
        DomainError[] seen = new DomainError[1];
        assertThatThrownBy(attempt::run).isInstanceOfSatisfying(DomainException.class, e -> seen[0] = e.error());
        return seen[0];
    }

    @Test
    void aRoleOfTheGroup_holdsForItsMembers_fromTheNextQuestionOn_andUntilTheyLeave() {
        Person ann = person("ann");
        PersonGroup night = groups.make(server, NIGHT, "who is on at night");
        assertThat(give(night.id(), Roles.READER.id(), SUBSCRIPTION)).isEqualTo(HolderKind.GROUP);
        assertThat(mayReadPeople(ann)).isFalse();

        groups.add(server, night.id(), ann.name());
        assertThat(mayReadPeople(ann)).isTrue();
        groups.remove(server, night.id(), ann.name());
        assertThat(mayReadPeople(ann)).isFalse();

        groups.add(server, night.id(), ann.name());
        groups.delete(server, night.id());
        assertThat(mayReadPeople(ann)).isFalse();
    }

    @Test
    void onlyWhoMayAssignRoles_makesGroups_orPutsPeopleIn() {
        Person reader = person("reader");
        Person contributor = person("contributor");
        Person owner = person("owner");
        give(reader.id(), Roles.READER.id(), SUBSCRIPTION);
        give(contributor.id(), Roles.CONTRIBUTOR.id(), SUBSCRIPTION);
        give(owner.id(), Roles.OWNER.id(), SUBSCRIPTION);
        PersonGroup night = groups.make(as(owner), NIGHT, "");

        for (Person lesser : List.of(reader, contributor)) {
            assertThat(groups.page(as(lesser), Optional.empty(), 9)).containsExactly(night);
            for (Runnable attempt : List.<Runnable>of(
                    () -> groups.make(as(lesser), new GroupName("mine"), ""),
                    () -> groups.add(as(lesser), night.id(), lesser.name()),
                    () -> groups.remove(as(lesser), night.id(), lesser.name()),
                    () -> groups.delete(as(lesser), night.id()))) {
                assertThat(refusal(attempt)).isInstanceOf(DomainError.Forbidden.class);
            }
        }
        Person stranger = person("stranger");
        assertThat(refusal(() -> groups.page(as(stranger), Optional.empty(), 9)))
                .isInstanceOf(DomainError.Forbidden.class);
    }

    @Test
    void aGroupWithRolesInAManagedHsm_isJoinedThroughWhoMayAssignRolesThere() {
        Person owner = person("owner");
        give(owner.id(), Roles.OWNER.id(), SUBSCRIPTION);
        PersonGroup officers = groups.make(as(owner), new GroupName("officers"), "");
        give(officers.id(), HsmRoles.CRYPTO_OFFICER.id(), Scope.hsm("vaulted"));

        assertThat(refusal(() -> groups.add(as(owner), officers.id(), owner.name())))
                .isInstanceOfSatisfying(
                        DomainError.Forbidden.class,
                        e -> assertThat(e.info().message()).contains("'vaulted'", "a place in the group"));

        give(owner.id(), HsmRoles.ADMINISTRATOR.id(), Scope.hsm("vaulted"));
        groups.add(as(owner), officers.id(), owner.name());
    }

    @Test
    void aNewLink_ofWhoHasRolesInAManagedHsmByAGroup_takesTheRightToAssignThemThere() {
        Person owner = person("owner");
        give(owner.id(), Roles.OWNER.id(), SUBSCRIPTION);
        Person ann = person("ann");
        PersonGroup officers = groups.make(server, new GroupName("officers"), "");
        groups.add(server, officers.id(), ann.name());
        people.reset(as(owner), ann.id());

        give(officers.id(), HsmRoles.CRYPTO_OFFICER.id(), Scope.hsm("vaulted"));
        assertThat(refusal(() -> people.reset(as(owner), ann.id()))).isInstanceOf(DomainError.Forbidden.class);
    }

    @Test
    void whatChangesAGroup_isRecordedAboutIt_andWhatChangesNothingIsNot() {
        Person ann = person("ann");
        PersonGroup night = groups.make(server, NIGHT, "");
        groups.add(server, night.id(), ann.name());
        groups.add(server, night.id(), ann.name());
        groups.remove(server, night.id(), ann.name());
        groups.remove(server, night.id(), ann.name());
        groups.delete(server, night.id());

        String member = "/groups/" + night.id() + "/members/" + ann.id();
        List<AuditRecord> records =
                database.transactions().read(tx -> world.stores.audit().after(tx, "node", 0, 1000));
        assertThat(records.stream().filter(r -> r.action().contains("personGroups")))
                .extracting(AuditRecord::target)
                .containsExactly(
                        Optional.of("/groups/" + night.id()),
                        Optional.of(member),
                        Optional.of(member),
                        Optional.of("/groups/" + night.id()));
    }

    @Test
    void whatIsNotThere_isNamed() {
        PersonGroup night = groups.make(server, NIGHT, "");
        assertThat(refusal(() -> groups.make(server, new GroupName("NIGHT SHIFT"), "")))
                .isInstanceOf(DomainError.Conflict.class);
        assertThat(refusal(() -> groups.add(server, night.id(), new SignInName("nobody")))
                        .info()
                        .message())
                .contains("'nobody'");
        assertThat(refusal(() -> groups.find(server, "none"))).isInstanceOf(DomainError.NotFound.class);
        assertThat(refusal(() -> groups.delete(server, new PrincipalId(UUID.randomUUID()))))
                .isInstanceOf(DomainError.NotFound.class);
    }

    @Test
    void theOnlyAdministratorOfAManagedHsm_isNotDeleted_groupOrPerson() {
        PersonGroup officers = groups.make(server, new GroupName("officers"), "");
        Person ann = person("ann");
        give(officers.id(), HsmRoles.ADMINISTRATOR.id(), Scope.hsm("vaulted"));
        give(ann.id(), HsmRoles.ADMINISTRATOR.id(), Scope.hsm("other"));
        assertThat(refusal(() -> groups.delete(server, officers.id())).info().message())
                .contains("nobody else is administrator of managed HSM 'vaulted'");
        assertThat(refusal(() -> people.delete(server, ann.id())).info().message())
                .contains("'other'");
        give(ann.id(), HsmRoles.ADMINISTRATOR.id(), Scope.hsm("vaulted"));
        groups.delete(server, officers.id());
    }
}
