package dev.keyturn.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the command may know (docs/architecture.md): it is a client of the public API; {@code up} starts a server, {@code migrate} moves one that is stopped. */
class ArrowsTest {
    private static final String UP = ".*\\.(UpCommand|DatabaseMixin|MigrateCommand|MigrationReport)(\\$.*)?";

    private final JavaClasses cli = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.keyturn.cli");

    @Test
    void theServer_isKnownToUpAndMigrateAlone() {
        noClasses()
                .that()
                .haveNameNotMatching(UP)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.keyturn.server..",
                        "dev.keyturn.node..",
                        "dev.keyturn.store..",
                        "dev.keyturn.keys..",
                        "dev.keyturn.host..")
                .check(cli);
    }

    /** Ids and secrets; and records, which the command verifies by itself. */
    @Test
    void ofTheDomain_onlyIdsSecretsAndRecordsAreKnown() {
        noClasses()
                .that()
                .haveNameNotMatching(UP)
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.keyturn.core..")
                        .and(resideOutsideOfPackages("dev.keyturn.core.model..", "dev.keyturn.core.audit.."))
                        .and(DescribedPredicate.not(belongToAnyOf(Call.class, PrincipalId.class))))
                .check(cli);
    }

    @Test
    void callsOfTheServersOwn_areNotMade() {
        noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "makes a call of the server's own",
                        access -> access.getTargetOwner().isEquivalentTo(Call.class)
                                && Set.of("server", "asIdentity")
                                        .contains(access.getTarget().getName())))
                .check(cli);
    }
}
