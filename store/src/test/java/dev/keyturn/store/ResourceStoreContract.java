package dev.keyturn.store;

import static dev.keyturn.store.Samples.NOW;
import static dev.keyturn.store.Samples.SUBSCRIPTION;
import static dev.keyturn.store.Samples.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

abstract class ResourceStoreContract extends StoreContract {
    private static final String NIC = "Microsoft.Network/networkInterfaces";
    private static final String IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";

    @Test
    void find_comparesIdsWithoutCaseAndKeepsTheirSpelling() {
        Resource nic = head(new ArmId(SUBSCRIPTION, "Prod-RG", NIC, "Nic1"));
        assertThat(insert(nic)).isTrue();

        ArmId shouted =
                new ArmId(SUBSCRIPTION.toUpperCase(Locale.ROOT), "PROD-rg", NIC.toUpperCase(Locale.ROOT), "NIC1");
        Resource found = one(tx -> stores.resources().find(tx, shouted)).orElseThrow();

        assertThat(found).isEqualTo(nic);
        assertThat(found.id().toString()).isEqualTo(nic.id().toString());
    }

    @Test
    void locations_areThoseInUse_eachOnce() {
        for (String[] one : new String[][] {{"a", "westeurope"}, {"b", "cellar"}, {"c", "westeurope"}}) {
            insert(Resource.created(
                    new ArmId(SUBSCRIPTION, "rg", NIC, one[0]),
                    one[1],
                    Map.of(),
                    "{}",
                    ProvisioningState.SUCCEEDED,
                    NOW));
        }

        assertThat(one(tx -> Optional.of(stores.resources().locations(tx, SUBSCRIPTION)))
                        .orElseThrow())
                .startsWith("cellar")
                .contains("westeurope")
                .doesNotHaveDuplicates();
    }

    @Test
    void insert_ofATakenId_changesNothing() {
        ArmId id = new ArmId(SUBSCRIPTION, "rg", NIC, "nic1");
        insert(head(id));

        assertThat(insert(Resource.created(
                        new ArmId(SUBSCRIPTION, "RG", NIC, "NIC1"),
                        "northeurope",
                        Map.of(),
                        "{}",
                        ProvisioningState.CREATING,
                        NOW)))
                .isFalse();
        assertThat(one(tx -> stores.resources().find(tx, id))).contains(head(id));
    }

    @Test
    void update_isACompareAndSetOnTheRevision() {
        ArmId id = new ArmId(SUBSCRIPTION, "rg", NIC, "nic1");
        insert(head(id));
        Resource next = head(id).with(Map.of("a", "b"), "{\"y\":2}", NOW.plusSeconds(5));

        assertThat(did(tx -> stores.resources().update(tx, next))).isTrue();
        assertThat(did(tx -> stores.resources().update(tx, next))).isFalse();
        assertThat(one(tx -> stores.resources().find(tx, id))).contains(next);
        assertThat(did(tx -> stores.resources().update(tx, next.in(ProvisioningState.FAILED, NOW))))
                .isTrue();
    }

    @Test
    void delete_saysWhetherThereWasOne() {
        ArmId id = new ArmId(SUBSCRIPTION, "rg", NIC, "nic1");
        insert(head(id));

        assertThat(did(tx -> stores.resources().delete(tx, id))).isTrue();
        assertThat(did(tx -> stores.resources().delete(tx, id))).isFalse();
        assertThat(one(tx -> stores.resources().find(tx, id))).isEmpty();
    }

    @Test
    void page_walksAllInTheOrderOfIds() {
        for (int i = 0; i < 25; i++) {
            insert(head(new ArmId(SUBSCRIPTION, "rg", NIC, "Nic%02d".formatted(i))));
        }

        List<String> names = new ArrayList<>();
        Optional<String> after = Optional.empty();
        List<Resource> page;
        do {
            Optional<String> from = after;
            page = page(Optional.empty(), Optional.of(NIC), from, 10);
            page.forEach(r -> names.add(r.id().name()));
            after = page.isEmpty() ? after : Optional.of(page.getLast().id().key());
        } while (!page.isEmpty());

        assertThat(names).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void page_isNarrowedByGroupAndType() {
        insert(head(ArmId.group(SUBSCRIPTION, "rg")));
        insert(head(ArmId.group(SUBSCRIPTION, "rg-2")));
        insert(head(new ArmId(SUBSCRIPTION, "rg", NIC, "n1")));
        insert(head(new ArmId(SUBSCRIPTION, "rg", IDENTITY, "i1")));
        insert(head(new ArmId(SUBSCRIPTION, "rg-2", NIC, "n2")));
        insert(head(new ArmId("other-subscription", "rg", NIC, "n3")));

        assertThat(names(page(Optional.of("RG"), Optional.empty(), Optional.empty(), 10)))
                .containsExactly("i1", "n1");
        assertThat(names(page(Optional.of("rg"), Optional.of(NIC.toLowerCase(Locale.ROOT)), Optional.empty(), 10)))
                .containsExactly("n1");
        assertThat(count(tx -> stores.resources().count(tx, ArmId.group(SUBSCRIPTION, "RG"))))
                .isEqualTo(2);
        assertThat(names(page(Optional.empty(), Optional.of(NIC), Optional.empty(), 10)))
                .containsExactly("n2", "n1");
        assertThat(names(page(Optional.empty(), Optional.of(ArmId.GROUP_TYPE), Optional.empty(), 10)))
                .containsExactly("rg", "rg-2");
    }

    @Test
    void page_withoutAType_leavesGroupsOut() {
        insert(head(ArmId.group(SUBSCRIPTION, "rg")));
        insert(head(new ArmId(SUBSCRIPTION, "rg", NIC, "n1")));

        assertThat(names(page(Optional.empty(), Optional.empty(), Optional.empty(), 10)))
                .containsExactly("n1");
    }

    @Test
    void page_ofAReach_hasWhatItCovers_inTheOrderOfIds_howeverManyGroupsAndPages() {
        Random random = new Random(35);
        List<ArmId> all = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        List<ArmId> single = new ArrayList<>();
        for (int g = 0; g < 60; g++) {
            String group = "Rg" + g + (g % 3 == 0 ? "-a" : "");
            insert(head(ArmId.group(SUBSCRIPTION, group)));
            if (g % 2 == 0) {
                groups.add(group);
            }
            for (int i = random.nextInt(6); i > 0; i--) {
                ArmId id = new ArmId(SUBSCRIPTION, group, random.nextBoolean() ? NIC : IDENTITY, "R" + i);
                insert(head(id));
                if (g % 2 == 0) {
                    all.add(id);
                } else if (random.nextInt(4) == 0) {
                    all.add(id);
                    single.add(id);
                }
            }
        }
        single.add(new ArmId(SUBSCRIPTION, "Rg1", NIC, "gone"));
        Collections.shuffle(groups, random);
        Reach reach = new Reach(false, groups, single);
        all.sort(Comparator.comparing(ArmId::key));

        for (int size : List.of(1, 2, 7, 500)) {
            assertThat(walked(reach, Optional.empty(), size))
                    .as("pages of " + size)
                    .isEqualTo(all);
        }
        assertThat(walked(reach, Optional.of(NIC), 3))
                .isEqualTo(all.stream().filter(id -> id.hasType(NIC)).toList());
        assertThat(walked(new Reach(false, List.of(), List.of()), Optional.empty(), 3))
                .isEmpty();
        assertThat(walked(new Reach(false, groups, single).ofGroups(SUBSCRIPTION), Optional.of(ArmId.GROUP_TYPE), 4))
                .containsExactlyInAnyOrderElementsOf(
                        groups.stream().map(g -> ArmId.group(SUBSCRIPTION, g)).toList());
    }

    private List<ArmId> walked(Reach reach, Optional<String> type, int size) {
        List<ArmId> found = new ArrayList<>();
        while (true) {
            Optional<String> after = found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(found.getLast().key());
            List<Resource> page = many(tx -> stores.resources().page(tx, SUBSCRIPTION, reach, type, after, size));
            assertThat(page).hasSizeLessThanOrEqualTo(size);
            page.forEach(r -> found.add(r.id()));
            if (page.size() < size) {
                return found;
            }
        }
    }

    private boolean insert(Resource resource) {
        return did(tx -> stores.resources().insert(tx, resource));
    }

    private List<Resource> page(Optional<String> group, Optional<String> type, Optional<String> after, int limit) {
        return many(tx -> stores.resources().page(tx, SUBSCRIPTION, group, type, after, limit));
    }

    private static List<String> names(List<Resource> resources) {
        return resources.stream().map(r -> r.id().name()).toList();
    }
}
