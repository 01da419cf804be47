package dev.keyturn.node.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.access.AccessReview;
import dev.keyturn.core.access.AccessReview.Answer;
import dev.keyturn.core.access.AccessReview.Held;
import dev.keyturn.core.access.AccessReview.Verdict;
import dev.keyturn.core.identity.Action;
import dev.keyturn.core.identity.HsmRoles;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Role;
import dev.keyturn.core.identity.RoleAssignments.Grant;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonGroup;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the review says is what doors decide. */
class AccessReviewTest extends WithPeople {
    private static final Scope SUBSCRIPTION = Scope.subscription(World.SUBSCRIPTION);
    private static final Scope GROUP = new Scope("/subscriptions/" + World.SUBSCRIPTION + "/resourceGroups/rg");
    private static final Scope SET = new Scope(GROUP.path() + "/providers/Microsoft.Compute/diskEncryptionSets/one");
    private static final Scope VAULT = new Scope(GROUP.path() + "/providers/Microsoft.KeyVault/vaults/v");
    private static final Scope KEY = new Scope(VAULT.path() + "/keys/k");
    private static final Scope HSM = Scope.hsm("h");

    private AccessReview review;

    @BeforeEach
    void open() {
        review = world.node.accessReview(subscription);
    }

    private void give(PrincipalId holder, Role role, Scope at) {
        database.transactions()
                .write(tx -> world.node
                        .services()
                        .assignments()
                        .grant(tx, "test", new Grant(UUID.randomUUID(), at, role.id(), holder, Optional.empty())));
    }

    private boolean may(Person who, Action action, Scope at) {
        return database.transactions().read(tx -> world.node.services().access().may(tx, who.id(), action.azure(), at));
    }

    @Test
    void everyVerdict_isWhatADoorDecides_whateverTheRoleAndTheScope() {
        Person ann = person("ann");
        PersonGroup night = groups.make(server, new GroupName("night"), "");
        groups.add(server, night.id(), ann.name());
        int[] seen = new int[2];
        for (Role role : Roles.all(Role.Kind.AZURE)) {
            Person one = person("p" + role.id().toString().substring(0, 8));
            give(one.id(), role, GROUP);
            give(one.id(), HsmRoles.CRYPTO_USER, HSM);
            for (Scope at : List.of(SUBSCRIPTION, GROUP, SET, VAULT, KEY, HSM, Scope.hsmKey("h", "k"))) {
                Answer answer = review.review(server, one.name().text(), at);
                assertThat(answer.verdicts()).isNotEmpty();
                for (Verdict verdict : answer.verdicts()) {
                    assertThat(verdict.allowed())
                            .as(role.name() + " " + verdict.action() + " at " + at)
                            .isEqualTo(may(one, verdict.action(), at));
                    seen[verdict.allowed() ? 1 : 0]++;
                }
            }
        }
        assertThat(seen[0]).isPositive();
        assertThat(seen[1]).isPositive();
    }

    @Test
    void theReason_isTheNearestRole_andNamesTheGroupThatItCameBy() {
        Person ann = person("ann");
        PersonGroup night = groups.make(server, new GroupName("night"), "");
        groups.add(server, night.id(), ann.name());
        give(night.id(), Roles.READER, SUBSCRIPTION);
        give(ann.id(), Roles.CONTRIBUTOR, GROUP);

        Answer answer = review.review(server, "ANN", SET);
        assertThat(answer.who().id()).isEqualTo(ann.id());
        assertThat(answer.held()).hasSize(2);
        Held read = because(answer, Action.DISK_SET_READ);
        assertThat(read.role()).isEqualTo(Roles.CONTRIBUTOR);
        assertThat(read.through()).isEmpty();
        Held grants = because(answer, Action.ROLE_ASSIGNMENT_READ);
        assertThat(grants.assignment().scope()).isEqualTo(GROUP);
        assertThat(because(review.review(server, "ann", SUBSCRIPTION), Action.PERSON_READ)
                        .through())
                .contains(night);
        assertThat(answer.verdicts().stream().filter(v -> v.action() == Action.ROLE_ASSIGNMENT_WRITE))
                .noneMatch(Verdict::allowed);
    }

    private static Held because(Answer answer, Action action) {
        return answer.verdicts().stream()
                .filter(v -> v.action() == action)
                .flatMap(v -> v.because().stream())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsAskedAtTheSubscriptionAlone_isNoVerdictOfAGroup() {
        Person ann = person("ann");
        give(ann.id(), Roles.OWNER, GROUP);
        assertThat(review.review(server, "ann", GROUP).verdicts())
                .extracting(Verdict::action)
                .contains(Action.VM_START, Action.ROLE_ASSIGNMENT_WRITE)
                .doesNotContain(Action.PERSON_WRITE, Action.CLOCK_CONFIRM, Action.SIGN_IN);
        assertThat(review.review(server, "ann", SUBSCRIPTION).verdicts())
                .filteredOn(v -> v.action() == Action.PERSON_WRITE)
                .singleElement()
                .matches(v -> !v.allowed());
    }

    @Test
    void everybodyAsksAboutThemselves_andAboutOthersWhoMayReadAssignmentsThere() {
        Person ann = person("ann");
        Person bob = person("bob");
        assertThat(review.review(as(ann), ann.id().toString(), SUBSCRIPTION).verdicts())
                .noneMatch(Verdict::allowed);
        assertThat(review.everything(as(ann), ann.id()).held()).isEmpty();
        for (Runnable attempt : List.<Runnable>of(
                () -> review.review(as(ann), "bob", SUBSCRIPTION),
                () -> review.review(as(ann), "nobody", SUBSCRIPTION),
                () -> review.review(as(ann), bob.id().toString(), HSM),
                () -> review.suggestions(as(ann), SUBSCRIPTION),
                () -> review.everything(as(ann), bob.id()))) {
            assertThatThrownBy(attempt::run)
                    .isInstanceOfSatisfying(
                            DomainException.class,
                            e -> assertThat(e.error()).isInstanceOf(DomainError.Forbidden.class));
        }
        give(ann.id(), Roles.READER, SUBSCRIPTION);
        give(bob.id(), HsmRoles.CRYPTO_USER, HSM);
        assertThat(review.review(as(ann), "bob", SUBSCRIPTION).verdicts()).noneMatch(Verdict::allowed);
        assertThat(review.everything(as(ann), bob.id()).held())
                .as("what is inside of a managed HSM is that HSM's")
                .isEmpty();
        assertThat(review.everything(as(ann), bob.id()).hidden())
                .as("but that there is something is said")
                .isEqualTo(1);
        assertThat(review.everything(as(bob), bob.id()).held())
                .extracting(Held::role)
                .containsExactly(HsmRoles.CRYPTO_USER);
    }

    @Test
    void aNameOfTwo_orOfNobody_isRefused() {
        Person ann = person("ann");
        groups.make(server, new GroupName("ann"), "");
        assertThatThrownBy(() -> review.review(server, "ann", SUBSCRIPTION))
                .hasMessageContaining("is the name of 2")
                .hasMessageContaining(ann.id().toString());
        assertThatThrownBy(() -> review.review(server, "nobody", SUBSCRIPTION))
                .hasMessageContaining("no person, group or program 'nobody'");
    }

    @Test
    void whoMayNotReadPeople_findsNobodyByName_andSeesNoNames() {
        Person ann = person("ann");
        Person bob = person("bob");
        give(ann.id(), Roles.READER, GROUP);
        give(bob.id(), Roles.READER, GROUP);
        assertThat(review.suggestions(as(ann), GROUP)).noneMatch(h -> h.name().equals("bob"));
        assertThatThrownBy(() -> review.review(as(ann), "bob", GROUP)).hasMessageContaining("finds none by name");
        assertThat(review.named(as(ann), world.node.services().grants().list(as(ann), GROUP, false)))
                .filteredOn(l -> l.assignment().principal().equals(bob.id()))
                .singleElement()
                .matches(l -> !l.told() && l.holder().isEmpty());
        give(ann.id(), Roles.READER, SUBSCRIPTION);
        assertThat(review.review(as(ann), "bob", GROUP).who().id()).isEqualTo(bob.id());
    }

    @Test
    void people_areKnownToWhoMayReadThem_andToThemselves_asTheirGroupsAre() {
        Person ann = person("ann");
        Person bob = person("bob");
        PersonGroup night = groups.make(server, new GroupName("night"), "");
        groups.add(server, night.id(), ann.name());
        List<PrincipalId> all = List.of(ann.id(), bob.id(), night.id(), new PrincipalId(new UUID(4, 4)));
        assertThat(review.known(as(ann), all).keySet()).containsExactlyInAnyOrder(ann.id(), night.id());
        give(ann.id(), Roles.OWNER, SUBSCRIPTION);
        assertThat(review.known(as(ann), all).keySet()).containsExactlyInAnyOrder(ann.id(), bob.id(), night.id());
    }
}
