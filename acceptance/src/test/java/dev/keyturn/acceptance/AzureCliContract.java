package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an unmodified azure-cli must be able to do, and what it must say. A start of it costs a second or more, so each is
 * looked at for all that it shows.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AzureCliContract {
    private final String name;
    private final ServerProcess server = ServerProcess.shared();
    private AzCommand az = new AzCommand(List.of(), Path.of(""), server.env());
    private Dialect dialect = Dialect.of("2.45");
    private Ground ground = Ground.existing(server, "");

    /** @param name for resources; unlike that of other tests */
    AzureCliContract(String name) {
        this.name = name;
    }

    /** The words of the command; skips the test, with one line that says why, where there is none. */
    abstract List<String> command(Path directory);

    @BeforeAll
    void signIn(@TempDir Path directory) {
        az = AzCommand.in(directory, command(directory), server.env());
        dialect = Dialect.of(
                az.run("version", "--query", "\"azure-cli\"", "-o", "tsv").ok());
        az.registered();
        assertThat(az.logIn(server.env().clientId(), "-p", az.secret()).ok())
                .contains("\"id\": \"" + server.env().subscription() + "\"", "\"state\": \"Enabled\"");
        ground = Ground.existing(server, name);
        assertThat(az.run("group", "create", "-n", name, "-l", "westeurope", "--query", "properties.provisioningState")
                        .ok())
                .isEqualTo("\"Succeeded\"");
    }

    @AfterAll
    void close() {
        ground.close();
    }

    @Test
    void cloud_isKnownByItsAddress_andFromItsMetadata_too() {
        AzCommand other = az.another("by-address");
        other.run(
                        "cloud",
                        "register",
                        "-n",
                        "found",
                        "--endpoint-resource-manager",
                        server.env().server() + "/")
                .ok();
        assertThat(other.run("cloud", "show", "-n", "found").ok())
                .contains("\"activeDirectory\": \"" + server.env().server())
                .contains("\"resourceManager\": \"" + server.env().server() + "/\"");

        // from 2022-09-01 on the metadata names an authority of Entra's kind, which azure-cli looks up at Microsoft
        Map<String, String> alone = Map.of("AZURE_CORE_INSTANCE_DISCOVERY", "false");
        other.run("cloud", "set", "-n", "found").ok();
        assertThat(other.logIn(alone, server.env().clientId(), "-p", other.secret())
                        .ok())
                .contains("\"cloudName\": \"found\"");

        // azure-cli reads that address with Python's urllib, which asks another variable for its authorities
        Map<String, String> metadata = Map.of(
                "ARM_CLOUD_METADATA_URL",
                server.env().server() + "/metadata/endpoints?api-version=2022-09-01",
                "SSL_CERT_FILE",
                other.directory().resolve("ca.pem").toString());
        assertThat(other.run(metadata, "cloud", "list", "-o", "json").ok())
                .contains("\"resourceManager\": \"" + server.env().server());
    }

    @Test
    void person_signsInWithADeviceCode_andWorksAsThePerson() {
        Ground own = Ground.existing(server, name + "p");
        az.run("group", "create", "-n", own.group(), "-l", "westeurope").ok();
        PortalPerson person = PortalPerson.invited(server, name + "-ann");
        own.grant(own.groupPath(), Ground.OWNER, person.id());
        own.grant("", Ground.READER, person.id()); // 2.74 looks for the vault among all resources
        AzCommand anns = az.another("person");
        AzCommand.Running login = anns.begin(Map.of(), "login", "--use-device-code", "-o", "json");
        Matcher said = login.says(Pattern.compile("open the page (https://\\S+) and enter the code ([A-Z-]+) to"));
        assertThat(said.group(1)).endsWith("/portal/device");
        person.allows(said.group(2));
        assertThat(login.end().ok()).contains("\"name\": \"" + name + "-ann\"", "\"type\": \"user\"");

        assertThat(anns.run("group", "show", "-n", own.group(), "--query", "name", "-o", "tsv")
                        .ok())
                .isEqualTo(own.group());
        anns.run(
                        "keyvault",
                        "create",
                        "-n",
                        own.vault(),
                        "-g",
                        own.group(),
                        "-l",
                        "westeurope",
                        "--sku",
                        "premium",
                        "--enable-rbac-authorization",
                        "true")
                .ok();
        own.grant(own.vaultPath(), Ground.CRYPTO_OFFICER, person.id());
        assertThat(dialect.newKey(anns, own, "anns")).startsWith("https://" + own.vaultHost() + "/keys/anns/");
        assertThat(dialect.activity(az, own.group(), "[?operationName.value=='Microsoft.KeyVault/vaults/write'].caller")
                        .lines())
                .contains(person.id());

        person.signsOutEverywhere();
        assertThat(anns.run("group", "list").refused()).contains("az login");
    }

    @Test
    void person_signsInWithTheBrowserThatAzOpens() throws Exception {
        PortalPerson person = PortalPerson.invited(server, name + "-bea");
        AzCommand beas = az.another("browser");
        Path browser = beas.directory().resolve("opens");
        Files.writeString(browser, "#!/bin/sh\necho \"opened $1\" >&2\n");
        assertThat(browser.toFile().setExecutable(true)).isTrue();
        AzCommand.Running login = beas.begin(Map.of("BROWSER", browser.toString()), "login", "-o", "json");
        person.allowsInBrowser(
                login.says(Pattern.compile("opened (https://\\S+)\\s")).group(1));
        assertThat(login.end().ok()).contains("\"name\": \"" + name + "-bea\"", "\"type\": \"user\"");
        assertThat(beas.run("account", "get-access-token", "--query", "tokenType", "-o", "tsv")
                        .ok())
                .isEqualTo("Bearer");
    }

    @Test
    void aPersonsPassword_isNotTaken_andASentenceSaysHowToSignIn() {
        assertThat(az.another("somebody")
                        .run("login", "-u", "a@b.example", "-p", "x")
                        .refused())
                .contains("A person's password is not taken here", "az login --use-device-code")
                .contains("az login --service-principal -u CLIENT_ID -p CLIENT_SECRET -t TENANT_ID");
        assertThat(az.another("nobody")
                        .logIn(server.env().clientId(), "-p", "wrong")
                        .refused())
                .contains("AADSTS7000215: Invalid client secret provided.");
    }

    @Test
    void groupsAndLocations_areWhatIsThere() {
        assertThat(az.run("group", "exists", "-n", name).ok()).isEqualTo("true");
        assertThat(az.run("group", "exists", "-n", name + "-not-there").ok()).isEqualTo("false");
        assertThat(az.run("account", "list-locations", "--query", "[].name", "-o", "tsv")
                        .ok()
                        .lines())
                .contains("westeurope", "eastus2", "local");
    }

    @Test
    void R8_theRunbook_works_andARefusalNamesTheVm() {
        String vault = name + "-kv";
        assertThat(az.run(
                                "keyvault",
                                "create",
                                "-n",
                                vault,
                                "-g",
                                name,
                                "-l",
                                "westeurope",
                                "--sku",
                                "premium",
                                "--enable-purge-protection",
                                "true",
                                "--enable-rbac-authorization",
                                "true",
                                "--query",
                                "properties.vaultUri",
                                "-o",
                                "tsv")
                        .ok())
                .isEqualTo("https://" + ground.vaultHost() + "/");
        dialect.grant(az, ground, Ground.CRYPTO_OFFICER, ground.api().principal());
        String first = dialect.newKey(az, ground, "fleet");
        assertThat(first).startsWith("https://" + ground.vaultHost() + "/keys/fleet/");

        String identity = az.run(
                        "disk-encryption-set",
                        "create",
                        "-n",
                        "des",
                        "-g",
                        name,
                        "-l",
                        "westeurope",
                        "--source-vault",
                        vault,
                        "--key-url",
                        first,
                        "--encryption-type",
                        "ConfidentialVmEncryptedWithCustomerKey",
                        "--query",
                        "identity.principalId",
                        "-o",
                        "tsv")
                .ok();
        dialect.grant(az, ground, Ground.ENCRYPTION_USER, identity);
        ground.newVm(name + "-vm", "des"); // az vm create wants networks and an image gallery
        assertThat(az.run("disk-encryption-set", "list-associated-resources", "-n", "des", "-g", name)
                        .ok())
                .contains("/disks/" + name + "-vm-os", "/disks/" + name + "-vm-data");

        String second = ground.newKey("fleet");
        assertThat(update(second).refused())
                .contains("OperationNotAllowed", "VM '" + name + "-vm'", "PowerState/running");
        assertThat(az.run("disk-encryption-set", "delete", "-n", "des", "-g", name)
                        .refused()
                        .lines()
                        .findFirst())
                .hasValueSatisfying(line -> assertThat(line).contains("'des' cannot be deleted", name + "-vm"));

        dialect.useVmCommands(az);
        assertThat(vms()).isEqualTo(name + "-vm\tVM running");
        az.run("vm", "deallocate", "-n", name + "-vm", "-g", name).ok();
        assertThat(update(second).ok()).isEqualTo(second);
        assertThat(ground.keysOf(name + "-vm")).hasSize(3).containsOnly(second);
        az.run("vm", "start", "-n", name + "-vm", "-g", name).ok();
        assertThat(vms()).isEqualTo(name + "-vm\tVM running");
        assertThat(az.run(
                                "disk-encryption-set",
                                "show",
                                "-n",
                                "des",
                                "-g",
                                name,
                                "--query",
                                "[activeKey.keyUrl, provisioningState]",
                                "-o",
                                "tsv")
                        .ok()
                        .lines())
                .containsExactly(second, "Succeeded");
        az.run("vm", "delete", "-n", name + "-vm", "-g", name, "--yes").ok();
        dialect.useAllCommands(az);
        assertThat(whoWroteSets().lines().toList())
                .as("who made the set, who was refused, who rotated it")
                .allMatch(line -> line.matches("[0-9a-f-]{36}\t(Succeeded|Failed)"))
                .anyMatch(line -> line.endsWith("Failed"))
                .filteredOn(line -> line.endsWith("Succeeded"))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    private AzCommand.Ran update(String key) {
        return az.run(
                "disk-encryption-set",
                "update",
                "-n",
                "des",
                "-g",
                name,
                "--source-vault",
                name + "-kv",
                "--key-url",
                key,
                "--query",
                "activeKey.keyUrl",
                "-o",
                "tsv");
    }

    /** Who rotated what, as the activity log says. */
    private String whoWroteSets() {
        return dialect.activity(
                az,
                name,
                "[?operationName.value=='Microsoft.Compute/diskEncryptionSets/write'].[caller, status.value]");
    }

    private String vms() {
        return az.run("vm", "list", "-d", "-g", name, "--query", "[].[name, powerState]", "-o", "tsv")
                .ok();
    }

    @Test
    void principals_signInWithWhatAzMadeForThem_untilItIsTakenAway() {
        String[] made = az.run(
                        "ad",
                        "sp",
                        "create-for-rbac",
                        "-n",
                        name + "-secret",
                        "--query",
                        "[appId, password]",
                        "-o",
                        "tsv")
                .ok()
                .split("\\s+");
        String app = made[0];
        AzCommand principal = az.another("principal");
        assertThat(principal.logIn(app, "-p", made[1]).ok()).contains(app);
        String renewed = az.run("ad", "app", "credential", "reset", "--id", app, "--query", "password", "-o", "tsv")
                .ok();
        assertThat(az.run("ad", "app", "credential", "list", "--id", app, "--query", "[].hint", "-o", "tsv")
                        .ok())
                .isEqualTo(renewed.substring(0, 3));
        // who signed in before may still have a token; somebody else has not
        assertThat(az.another("late").logIn(app, "-p", made[1]).refused()).contains("Invalid client secret provided");

        String[] certified = az.run(
                        "ad",
                        "sp",
                        "create-for-rbac",
                        "-n",
                        name + "-cert",
                        "--create-cert",
                        "--query",
                        "[appId, fileWithCertAndPrivateKey]",
                        "-o",
                        "tsv")
                .ok()
                .split("\\s+");
        assertThat(az.run(
                                "ad",
                                "app",
                                "credential",
                                "list",
                                "--id",
                                certified[0],
                                "--cert",
                                "--query",
                                "[].[type, usage]",
                                "-o",
                                "tsv")
                        .ok())
                .isEqualTo("AsymmetricX509Cert\tVerify");
        assertThat(principal
                        .logIn(certified[0], dialect.certificate(), principal.take(Path.of(certified[1])))
                        .ok())
                .contains(certified[0]);
    }

    @Test
    void managedHsm_isMadeDeletedAndPurged() {
        String hsm = name + "-hsm";
        assertThat(az.run(
                                "keyvault",
                                "create",
                                "--hsm-name",
                                hsm,
                                "-g",
                                name,
                                "-l",
                                "westeurope",
                                "--administrators",
                                ground.api().principal(),
                                "--retention-days",
                                "7",
                                "--query",
                                "properties.provisioningState",
                                "-o",
                                "tsv")
                        .ok())
                .isEqualTo("Succeeded");
        az.run("keyvault", "delete", "--hsm-name", hsm, "-g", name).ok();
        az.run("keyvault", "purge", "--hsm-name", hsm, "-l", "westeurope").ok();
        assertThat(az.run("keyvault", "list-deleted", "--resource-type", "hsm", "--query", "[].name", "-o", "tsv")
                        .ok())
                .doesNotContain(hsm);
    }
}
