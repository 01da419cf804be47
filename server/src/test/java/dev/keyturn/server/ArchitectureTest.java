package dev.keyturn.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The direction of the arrows in docs/architecture.md, and who may know which library. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private static final String JETTY = "org.eclipse.jetty..";
    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.sqlite..", "org.flywaydb..", "com.zaxxer.."};

    private JavaClasses all;

    @BeforeAll
    void read() {
        all = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("dev.keyturn");
    }

    @Test
    void json_knowsNothingElseOfKeyturn() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.json..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.keyturn..").and(resideOutsideOfPackages("dev.keyturn.json.."))));
    }

    /** The compiler turns one into a question whether assertions are on, and at run time they are not. */
    @Test
    void nothing_isLeftToAssertions() {
        check(noClasses().should().callMethod(Class.class, "desiredAssertionStatus"));
    }

    @Test
    void core_knowsNoOtherModule_noHttpNoJsonNoSqlNoProvider() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.core..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.keyturn..").and(resideOutsideOfPackages("dev.keyturn.core.."))));
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.core..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "java.net.http..",
                        "tools.jackson..",
                        JETTY,
                        "com.nimbusds..",
                        "org.bouncycastle..",
                        "com.amazon.."));
    }

    @Test
    void store_knowsNoHttpNoKeysNoHosts() {
        onlyKnows("dev.keyturn.store..", "dev.keyturn.core..", "dev.keyturn.json.."); // JSON columns
    }

    /** Another database is put behind the ports: who opens it, and guards its files, is all that knows which it is. */
    @Test
    void embeddedDatabase_isKnownToWhoOpensIt() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.keyturn.store..", "dev.keyturn.bench..", "dev.keyturn.server.database..")
                .should()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("Sqlite"));
    }

    /** The stores write statements; how a statement reaches a database, and what becomes of its files, is below them. */
    @Test
    void engineOfTheStore_knowsNoStore() {
        onlyKnows("dev.keyturn.store.engine..", "dev.keyturn.core..");
    }

    @Test
    void keys_knowNoHttpNoSqlNoHosts() {
        onlyKnows("dev.keyturn.keys..", "dev.keyturn.core..");
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.keys..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SQL));
    }

    @Test
    void hosts_knowNoHttpAndNoKeys() {
        onlyKnows("dev.keyturn.host..", "dev.keyturn.core..", "dev.keyturn.store..");
    }

    @Test
    void node_knowsNoHttpNoJsonNoKeys() {
        onlyKnows("dev.keyturn.node..", "dev.keyturn.core..", "dev.keyturn.store..", "dev.keyturn.host..");
    }

    @Test
    void nodeAndServer_writeNoSql() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.keyturn.node..", "dev.keyturn.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SQL));
    }

    @Test
    void adapters_areKnownToTheWiringAlone() {
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.keyturn.server.http..",
                        "dev.keyturn.server.identity..",
                        "dev.keyturn.server.arm..",
                        "dev.keyturn.server.keyvault..",
                        "dev.keyturn.server.graph..",
                        "dev.keyturn.server.portal..",
                        "dev.keyturn.server.filter..",
                        "dev.keyturn.server.limits..",
                        "dev.keyturn.server.tls..",
                        "dev.keyturn.server.data..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.keyturn.store..", "dev.keyturn.keys..", "dev.keyturn.host.."));
    }

    @Test
    void portal_isTheOnlyOneToKnowTemplates_andNoOtherSurfaceKnowsIt() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.keyturn.server.portal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("gg.jte.."));
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.keyturn.server.arm..",
                        "dev.keyturn.server.keyvault..",
                        "dev.keyturn.server.graph..",
                        "dev.keyturn.server.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.keyturn.server.portal.."));
    }

    @Test
    void http_isTheOnlyOneToKnowJetty_andKnowsNoSurface() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.keyturn.server.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(JETTY));
        onlyKnows(
                "dev.keyturn.server.http..",
                "dev.keyturn.core.model..",
                "dev.keyturn.core.vital..",
                "dev.keyturn.server.limits..",
                "dev.keyturn.json..");
        onlyKnows("dev.keyturn.server.limits..");
    }

    /** What shows a thing is given it: whoever renders does not look anything up. */
    @Test
    void renderers_doNotReadTheDatabase() {
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.server..")
                .and()
                .haveNameMatching(".*(View|Views|Body|Bodies|Documents|Records|Event|Errors)(\\$.*)?")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.keyturn.core..").and(LOOKS_UP)));
    }

    private static final DescribedPredicate<JavaClass> LOOKS_UP = DescribedPredicate.describe(
            "looks something up",
            c -> c.getPackageName().equals("dev.keyturn.core.tx")
                    || c.getSimpleName().matches(".*(Service|Services|Store|Stores|Reader)"));

    @Test
    void passkeysLibrary_isKnownToItsRoomAlone() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.keyturn.keys.passkey..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.webauthn4j.."));
    }

    @Test
    void tokens_areKnownToIdentity_certificatesToTls() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("dev.keyturn.server.identity..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.nimbusds.."));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.keyturn.server.tls..", "dev.keyturn.keys..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bouncycastle.."));
    }

    @Test
    void libvirt_isKnownToItsHostAlone_andHostsDoNotKnowEachOther() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.keyturn.host.libvirt..", "dev.keyturn.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.libvirt..", "com.sun.jna.."));
        check(slices().matching("dev.keyturn.host.(*)..").should().notDependOnEachOther());
    }

    @Test
    void surfaces_doNotKnowEachOther() {
        check(slices().matching("dev.keyturn.server.(*)..").should().beFreeOfCycles());
        check(noClasses()
                .that()
                .resideInAPackage("dev.keyturn.server.keyvault..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.keyturn.server.arm.."));
    }

    /** From the ground up: each knows those before it and none behind it (docs/adr/0008). */
    private static final List<String> LAYERS = List.of(
            "model",
            "tx",
            "vital",
            "identity",
            "time",
            "audit",
            "door",
            "people",
            "outside",
            "oauth",
            "directory",
            "operation",
            "nodes",
            "resource",
            "keycrypto",
            "envelope",
            "vault",
            "key",
            "access",
            "host",
            "artifact",
            "image",
            "diskset",
            "verification",
            "disk",
            "vm",
            "power",
            "rotation",
            "fleet",
            "installation");

    @Test
    void featuresOfCore_lieInLayers() {
        for (int i = 0; i < LAYERS.size() - 1; i++) {
            check(noClasses()
                    .that()
                    .resideInAPackage(core(LAYERS.get(i)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(LAYERS.subList(i + 1, LAYERS.size()).stream()
                            .map(ArchitectureTest::core)
                            .toArray(String[]::new)));
        }
        assertThat(packagesOfCore().keySet()).containsExactlyInAnyOrderElementsOf(LAYERS);
    }

    @Test
    void packagesOfCore_haveRoom() {
        packagesOfCore()
                .forEach((name, classes) ->
                        assertThat(classes).as("files of core." + name).isLessThan(30));
    }

    /** What only looks alike lies side by side. */
    @Test
    void sideBySide_nobodyKnowsTheOther() {
        onlyKnows("dev.keyturn.core.keycrypto..", "dev.keyturn.core.model..");
        // who serves which host is written down
        onlyKnows(
                "dev.keyturn.core.host..",
                "dev.keyturn.core.model..",
                "dev.keyturn.core.operation..",
                "dev.keyturn.core.tx..");
        check(noClasses()
                .that()
                .resideInAPackage(core("vault"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(core("envelope")));
        check(noClasses()
                .that()
                .resideInAnyPackage(
                        core("artifact"), core("image"), core("diskset"), core("disk"), core("vm"), core("rotation"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(core("vault"), core("key"), core("keycrypto")));
    }

    private static String core(String feature) {
        return "dev.keyturn.core." + feature + "..";
    }

    /** Each package of core with the number of its source files. */
    private Map<String, Long> packagesOfCore() {
        String core = "dev.keyturn.core.";
        return all.stream()
                .filter(c -> c.getPackageName().startsWith(core) && c.isTopLevelClass())
                .collect(Collectors.groupingBy(
                        c -> c.getPackageName().substring(core.length()), TreeMap::new, Collectors.counting()));
    }

    /** Their callers' roles are not asked for: no request may come in that way. */
    @Test
    void callsOfTheServersOwn_areNotMadeWhereRequestsAreAnswered() {
        check(noClasses()
                .that()
                .resideInAnyPackage("dev.keyturn.server..", "dev.keyturn.cli..")
                .should()
                .accessTargetWhere(MAKES_A_CALL_OF_THE_SERVERS_OWN));
    }

    @Test
    void callsOfTheServersOwn_areSeenAlsoWhereTheyAreReferredTo() {
        for (Class<?> sly : List.of(Refers.class, Calls.class)) {
            assertThat(noClasses()
                            .should()
                            .accessTargetWhere(MAKES_A_CALL_OF_THE_SERVERS_OWN)
                            .evaluate(new ClassFileImporter().importClasses(sly))
                            .hasViolation())
                    .as(sly.getSimpleName())
                    .isTrue();
        }
    }

    private static final DescribedPredicate<JavaAccess<?>> MAKES_A_CALL_OF_THE_SERVERS_OWN =
            DescribedPredicate.describe(
                    "makes a call of the server's own",
                    access -> access.getTargetOwner().isEquivalentTo(Call.class)
                            && Set.of("server", "asIdentity")
                                    .contains(access.getTarget().getName()));

    @SuppressWarnings("UnusedVariable") // it is looked at, not run
    private static final class Refers {
        static final BiFunction<Caller, UUID, Call> SERVER = Call::server;
    }

    @SuppressWarnings("UnusedMethod") // it is looked at, not run
    private static final class Calls {
        static Call asIdentity(Caller identity) {
            return Call.asIdentity(identity, new UUID(0, 1));
        }
    }

    @Test
    void theTime_comesFromTheInjectedClock() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("dev.keyturn.cli..", "dev.keyturn.bench..")
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis"));
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ServerConfig.class.getName())
                .and()
                .resideOutsideOfPackages("dev.keyturn.cli..", "dev.keyturn.bench..")
                .should()
                .callMethod(Clock.class, "systemUTC"));
    }

    @Test
    void names_sayWhatAThingIs() {
        check(noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper"));
    }

    private void onlyKnows(String who, String... others) {
        String[] allowed = new String[others.length + 1];
        allowed[0] = who;
        System.arraycopy(others, 0, allowed, 1, others.length);
        check(noClasses()
                .that()
                .resideInAPackage(who)
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.keyturn..").and(resideOutsideOfPackages(allowed))));
    }

    private void check(ArchRule rule) {
        rule.check(all);
    }
}
