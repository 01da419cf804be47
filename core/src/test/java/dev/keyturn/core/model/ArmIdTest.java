package dev.keyturn.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.identity.Scope;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArmIdTest {
    private static final String GROUP = "/subscriptions/S/resourceGroups/G";
    private static final String VAULT = GROUP + "/providers/Microsoft.KeyVault/vaults/v";

    /** Also the words of which ids are made: they may be names. */
    private static final String[] NAMES = {
        "a",
        "B-1",
        "providers",
        "Providers",
        "subscriptions",
        "resourceGroups",
        "x.y_z",
        "ä",
        "İ",
        "1",
        "with space",
        "?"
    };

    private static final String[] TYPES = {"vaults", "keys", "roleAssignments", "resourceGroups", "locations", "x"};

    static Stream<ArmId> anyIds() {
        Random random = new Random(8);
        return Stream.generate(() -> any(random)).limit(2000);
    }

    private static ArmId any(Random random) {
        ArmId id = switch (random.nextInt(3)) {
            case 0 -> ArmId.TENANT;
            case 1 -> ArmId.subscription(one(random, NAMES));
            default -> ArmId.group(one(random, NAMES), one(random, NAMES));
        };
        for (int provider = random.nextInt(4); provider > 0; provider--) {
            id = id.resource(
                    one(random, NAMES) + "/" + (random.nextInt(8) == 0 ? "providers" : one(random, TYPES)),
                    one(random, NAMES));
            for (int child = random.nextInt(4); child > 0; child--) {
                id = id.child(one(random, TYPES), one(random, NAMES));
            }
        }
        return id;
    }

    private static String one(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void everyId_isReadAsItIsPrinted_withAllItsParts() {
        assertThat(anyIds()).allSatisfy(id -> {
            ArmId read = ArmId.parse(id.toString()).orElseThrow();
            assertThat(read).isEqualTo(id).hasSameHashCodeAs(id).hasToString(id.toString());
            assertThat(read.root()).isEqualTo(id.root());
            assertThat(read.providers()).isEqualTo(id.providers());
            assertThat(read.type()).isEqualTo(id.type());
            assertThat(ArmId.problem(id.toString())).isEmpty();
            assertThat(ArmId.parse(id.key())).contains(id);
            assertThat(ArmId.parse("/" + id.toString().replace("/", "//") + "/"))
                    .contains(id);
            assertThat(ArmId.longest(id.toString()).rest()).isEmpty();
        });
    }

    @Test
    void everyId_hasItsParentsAboveIt_upToTheTenant() {
        assertThat(anyIds()).allSatisfy(id -> {
            int depth = 0;
            for (Optional<ArmId> at = id.parent(); at.isPresent(); at = at.get().parent()) {
                assertThat(Scope.of(at.get()).covers(Scope.of(id))).isTrue();
                assertThat(Scope.of(id).covers(Scope.of(at.get()))).isFalse();
                depth++;
            }
            assertThat(Scope.of(id).upwards())
                    .hasSize(depth + 1)
                    .startsWith(Scope.of(id))
                    .endsWith(Scope.of(ArmId.TENANT));
        });
    }

    @Test
    void anId_lacksItsLastSegment_isNone() {
        assertThat(anyIds()).filteredOn(id -> !id.providers().isEmpty()).allSatisfy(id -> {
            String text = id.toString();
            String less = text.substring(0, text.lastIndexOf('/'));
            assertThat(ArmId.parse(less)).isEmpty();
            assertThat(ArmId.problem(less)).isPresent();
            assertThat(ArmId.longest(less).id()).isEqualTo(id.parent().orElseThrow());
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                        | it does not begin with '/'
            x                                         | it does not begin with '/'
            subscriptions/S                           | it does not begin with '/'
            /x                                        | it begins with 'x', not with 'subscriptions' or 'providers'
            /subscriptions                            | there is no id behind 'subscriptions'
            /subscriptions/S/resourceGroups           | there is no name behind 'resourceGroups'
            /subscriptions/S/x/y                      | behind the subscription is 'x', not 'resourceGroups' or 'providers'
            /subscriptions/S/resourceGroups/G/x       | behind the resource group is 'x', not 'providers'
            /subscriptions/S/providers                | there is no namespace behind 'providers' at its end
            /subscriptions/S/providers/N              | there is no type and name behind the namespace 'N'
            /subscriptions/S/providers/N/t            | there is no name behind the type 'N/t'
            /providers/N/t/n/u                        | there is no name behind the type 'u' at its end
            /providers/N/t/n/providers/M/u            | there is no name behind the type 'M/u'
            /subscriptions/S/resourceGroups/G/providers/microsoft.resources/resourcegroups/H | a microsoft.resources/resourcegroups is no resource of a provider: a group's id is /subscriptions/S/resourceGroups/G
            """)
    void whatIsNoId_isRefused_andSaysWhatIsMissing(String text, String problem) {
        assertThat(ArmId.parse(text)).isEmpty();
        assertThat(ArmId.problem(text)).contains(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "/, Microsoft.Resources/tenants, ''",
        "/subscriptions/S, Microsoft.Resources/subscriptions, S",
        "/subscriptions/S/resourceGroups/G, Microsoft.Resources/resourceGroups, G",
        VAULT + ", Microsoft.KeyVault/vaults, v",
        VAULT + "/keys/k, Microsoft.KeyVault/vaults/keys, k",
        VAULT
                + "/keys/k/providers/Microsoft.Authorization/roleAssignments/a, Microsoft.Authorization/roleAssignments, a",
        "/subscriptions/S/providers/Microsoft.Compute/locations/l/operations/o, Microsoft.Compute/locations/operations, o",
    })
    void theTypeAndTheName_areTheLastPart(String text, String type, String name) {
        ArmId id = ArmId.parse(text).orElseThrow();
        assertThat(id.type()).isEqualTo(type);
        assertThat(id.name()).isEqualTo(name);
        assertThat(id).hasToString(text);
    }

    @Test
    void platformIds_areReadInTheirOwnSpelling() {
        ArmId id = ArmId.parse(
                        "/Subscriptions/S/Providers/Microsoft.Compute/Locations/L/Publishers/P/ArtifactTypes/VMImage"
                                + "/Offers/O/Skus/K/Versions/1.2.3")
                .orElseThrow();
        assertThat(id.subscription()).isEqualTo("S");
        assertThat(id.name()).isEqualTo("1.2.3");
        assertThat(id.hasType("microsoft.compute/locations/publishers/artifactTypes/offers/skus/versions"))
                .isTrue();
        assertThat(id)
                .hasToString("/subscriptions/S/providers/Microsoft.Compute/Locations/L/Publishers/P/ArtifactTypes"
                        + "/VMImage/Offers/O/Skus/K/Versions/1.2.3");
        assertThat(id.head()).isEmpty();
        assertThatThrownBy(id::resourceGroup).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/keys/k", "/providers/Microsoft.Authorization/locks/l", "/keys/k/providers/N/t/n"})
    void what_belongsToAResource_hasItsHead(String behind) {
        ArmId vault = ArmId.parse(VAULT).orElseThrow();
        assertThat(ArmId.parse(VAULT + behind).flatMap(ArmId::head)).contains(vault);
        assertThat(ArmId.parseHead(VAULT + behind).isPresent()).isEqualTo(behind.isEmpty());
        assertThat(ArmId.parse(VAULT + behind).orElseThrow().group()).isEqualTo(ArmId.group("s", "g"));
    }

    @Test
    void what_isInNoGroup_hasNoHead() {
        for (String text : new String[] {"/", "/subscriptions/S", "/subscriptions/S/providers/N/t/n"}) {
            assertThat(ArmId.parse(text).orElseThrow().head()).isEmpty();
            assertThat(ArmId.parseHead(text)).isEmpty();
        }
        assertThat(ArmId.parseHead(GROUP)).contains(ArmId.group("S", "G"));
    }

    @ParameterizedTest
    @CsvSource({
        "'', g, N/t, n",
        "s, '', N/t, n",
        "s, g, N/t, ''",
        "s, g, t, n",
        "s, g, N/, n",
        "s, g, /t, n",
        "s, g, N/t/u, n",
        "s/s, g, N/t, n",
        "s, g/g, N/t, n",
        "s, g, N/t, n/n",
        "s, g, Microsoft.Resources/resourceGroups, n"
    })
    void anIdWithAnEmptyPart_orASlashInOne_cannotBeMade(String subscription, String group, String type, String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ArmId(subscription, group, type, name));
    }

    @Test
    void aChildOfTheTypeProviders_cannotBeMade() {
        ArmId vault = ArmId.parse(VAULT).orElseThrow();
        assertThatIllegalArgumentException().isThrownBy(() -> vault.child("Providers", "x"));
        assertThatThrownBy(() -> ArmId.group("s", "g").child("t", "n")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aPath_isReadAsFarAsItIsAnId() {
        ArmId.Prefix start = ArmId.longest(VAULT.toLowerCase(Locale.ROOT) + "/start");
        assertThat(start.id()).isEqualTo(ArmId.parse(VAULT).orElseThrow());
        assertThat(start.rest()).containsExactly("start");
        assertThat(ArmId.longest("/tenants")).isEqualTo(new ArmId.Prefix(ArmId.TENANT, List.of("tenants")));
        assertThat(ArmId.longest(GROUP + "/providers/N/t").rest()).containsExactly("providers", "N", "t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/subscriptions", "/subscriptions/S/resourceGroups", "x", "", "/hsmx/y"})
    void aScope_thatIsNoId_cannotBeMade(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Scope(text));
    }

    @Test
    void theTenant_coversNoManagedHsm() {
        Scope tenant = new Scope("/");
        assertThat(tenant.covers(Scope.subscription("s"))).isTrue();
        assertThat(tenant.covers(Scope.hsm("h"))).isFalse();
        assertThat(Scope.hsmKey("h", "k").upwards())
                .containsExactly(Scope.hsmKey("h", "k"), new Scope("/hsm/h/keys"), Scope.hsm("h"), new Scope("/HSM"));
    }
}
