package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroup.Member;
import dev.keyturn.core.people.SignInName;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Groups of people, who is in them, and the roles that they have by them. */
abstract class PersonGroupStoreContract extends StoreContract {
    private static final Scope SUBSCRIPTION = new Scope("/subscriptions/s");

    private final Person ann = person(1, "ann");
    private final Person bob = person(2, "Bob");
    private final PersonGroup night = group(11, "Night shift");
    private final PersonGroup day = group(12, "day shift");

    private static Person person(int n, String name) {
        return new Person(new PrincipalId(new UUID(0, n)), new SignInName(name), "Person " + n, false, NOW, "test");
    }

    private static PersonGroup group(int n, String name) {
        return new PersonGroup(new PrincipalId(new UUID(0, n)), new GroupName(name), "of " + n, NOW, "test");
    }

    private static RoleAssignment assignment(Scope scope, PrincipalId holder, HolderKind kind) {
        return new RoleAssignment(
                UUID.randomUUID(), scope, new UUID(0, 99), holder, Optional.empty(), NOW, "admin", kind);
    }

    private void insertAll() {
        run(tx -> {
            stores.people().insert(tx, ann).require("a fresh row");
            stores.people().insert(tx, bob).require("a fresh row");
            stores.personGroups().insert(tx, night).require("a fresh row");
            stores.personGroups().insert(tx, day).require("a fresh row");
        });
    }

    private boolean add(PersonGroup group, Person person) {
        return did(tx -> stores.personGroups().add(tx, group.id(), person.id(), NOW, "admin"));
    }

    @Test
    void groups_areFoundByIdAndByNameInAnyCase_andPagedByName() {
        insertAll();
        assertThat(one(tx -> stores.personGroups().find(tx, night.id()))).contains(night);
        assertThat(one(tx -> stores.personGroups().find(tx, new GroupName("NIGHT SHIFT"))))
                .contains(night);
        assertThat(one(tx -> stores.personGroups().find(tx, new GroupName("none"))))
                .isEmpty();
        assertThat(many(tx -> stores.personGroups().page(tx, Optional.empty(), 9)))
                .containsExactly(day, night);
        assertThat(many(tx -> stores.personGroups().page(tx, Optional.of(day.name()), 9)))
                .containsExactly(night);
        assertThat(many(tx -> stores.personGroups().page(tx, Optional.empty(), 1)))
                .containsExactly(day);
    }

    @Test
    void aNameOrIdThatIsTaken_isMissed() {
        insertAll();
        assertThat(did(tx -> stores.personGroups().insert(tx, group(13, "DAY SHIFT"))))
                .isFalse();
        assertThat(did(tx -> stores.personGroups().insert(tx, group(11, "another"))))
                .isFalse();
    }

    @Test
    void members_areAddedOnce_pagedByName_andTakenOut() {
        insertAll();
        assertThat(add(night, bob)).isTrue();
        assertThat(add(night, ann)).isTrue();
        assertThat(add(night, ann)).isFalse();
        assertThat(add(day, ann)).isTrue();

        assertThat(many(tx -> stores.personGroups().members(tx, night.id(), Optional.empty(), 9)))
                .containsExactly(new Member(ann, NOW, "admin"), new Member(bob, NOW, "admin"));
        assertThat(many(tx -> stores.personGroups().members(tx, night.id(), Optional.of(ann.name()), 9)))
                .extracting(Member::person)
                .containsExactly(bob);
        assertThat(many(tx -> stores.personGroups().members(tx, night.id(), Optional.empty(), 1)))
                .extracting(Member::person)
                .containsExactly(ann);
        assertThat(many(tx -> stores.personGroups().of(tx, ann.id()))).containsExactly(day, night);
        assertThat(many(tx -> stores.personGroups().of(tx, bob.id()))).containsExactly(night);

        assertThat(did(tx -> stores.personGroups().remove(tx, night.id(), ann.id())))
                .isTrue();
        assertThat(did(tx -> stores.personGroups().remove(tx, night.id(), ann.id())))
                .isFalse();
        assertThat(many(tx -> stores.personGroups().of(tx, ann.id()))).containsExactly(day);
    }

    @Test
    void whoGoes_leavesItsGroups_andAGroupThatGoesLeavesItsPeople() {
        insertAll();
        add(night, ann);
        add(night, bob);
        add(day, ann);

        assertThat(did(tx -> stores.people().delete(tx, bob.id()))).isTrue();
        assertThat(many(tx -> stores.personGroups().members(tx, night.id(), Optional.empty(), 9)))
                .extracting(Member::person)
                .containsExactly(ann);
        assertThat(did(tx -> stores.personGroups().delete(tx, night.id()))).isTrue();
        assertThat(did(tx -> stores.personGroups().delete(tx, night.id()))).isFalse();
        assertThat(one(tx -> stores.people().find(tx, ann.id()))).contains(ann);
        assertThat(many(tx -> stores.personGroups().of(tx, ann.id()))).containsExactly(day);
    }

    @Test
    void whatAGroupHolds_itsMembersHold_andNobodyElse_andTheGroupHasNothingOfTheirs() {
        insertAll();
        add(night, ann);
        Scope inside = new Scope("/subscriptions/s/resourceGroups/rg");
        RoleAssignment ofNight = assignment(SUBSCRIPTION, night.id(), HolderKind.GROUP);
        RoleAssignment ofNightInside = assignment(inside, night.id(), HolderKind.GROUP);
        RoleAssignment ofAnn = assignment(inside, ann.id(), HolderKind.USER);
        RoleAssignment ofDay = assignment(SUBSCRIPTION, day.id(), HolderKind.GROUP);
        run(tx -> List.of(ofNight, ofNightInside, ofAnn, ofDay)
                .forEach(a -> stores.roleAssignments().insert(tx, a).require("a fresh row")));

        assertThat(held(ann.id(), inside)).containsExactlyInAnyOrder(ofNight, ofNightInside, ofAnn);
        assertThat(held(bob.id(), inside)).isEmpty();
        assertThat(held(night.id(), inside)).containsExactlyInAnyOrder(ofNight, ofNightInside);
        assertThat(many(tx -> stores.roleAssignments().heldBelow(tx, ann.id(), SUBSCRIPTION)))
                .containsExactlyInAnyOrder(ofNightInside, ofAnn);
        assertThat(many(tx -> stores.roleAssignments().heldBelow(tx, bob.id(), SUBSCRIPTION)))
                .isEmpty();

        assertThat(did(tx -> stores.personGroups().remove(tx, night.id(), ann.id())))
                .isTrue();
        assertThat(held(ann.id(), inside)).containsExactly(ofAnn);
    }

    private List<RoleAssignment> held(PrincipalId who, Scope at) {
        return many(tx -> stores.roleAssignments().held(tx, who, at.upwards()));
    }
}
