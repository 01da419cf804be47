package dev.keyturn.server.identity.outside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.people.GroupName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderOptionsTest {
    private static final String ISSUER = "https://login.example.org";

    @TempDir
    private Path directory;

    private List<String> problems(String issuer, String text) throws IOException {
        return new ProviderOptions(Optional.of(issuer), Optional.of(file(text))).problems();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("oidc.json"), text);
    }

    @Test
    void neither_isThePasswordsOfThisServer_andOneWithoutTheOther_isRefused() throws Exception {
        assertThat(ProviderOptions.NONE.problems()).isEmpty();
        assertThat(new ProviderOptions(Optional.of(ISSUER), Optional.empty()).problems())
                .singleElement()
                .asString()
                .contains("--oidc-config FILE");
        assertThat(new ProviderOptions(Optional.empty(), Optional.of(file("{\"clientId\":\"k\",\"everybody\":true}")))
                        .problems())
                .singleElement()
                .asString()
                .contains("--oidc-issuer");
    }

    @Test
    void optionsThatAreGiven_andCannotBeRead_areNeverTakenForNone() {
        List<String> problems = new ArrayList<>(List.of("something else"));
        ProviderOptions given = new ProviderOptions(Optional.of(ISSUER), Optional.of(directory.resolve("away")));
        assertThat(given.read(problems)).isEmpty();
        assertThat(problems).hasSizeGreaterThan(1);
    }

    @Test
    void nameThatNoFileCanHave_isAProblem() throws Exception {
        assertThat(problems(ISSUER, "{\"clientId\":\"k\",\"everybody\":true,\"caFile\":\"a\\u0000b\"}"))
                .singleElement()
                .asString()
                .contains("there cannot be");
    }

    @Test
    void issuer_isAnHttpsAddress_andNothingElse() throws Exception {
        for (String wrong : List.of(
                "http://login.example.org",
                "https://login.example.org?tenant=1",
                "https://login.example.org#x",
                "https://me@login.example.org",
                "https:///path",
                "login.example.org",
                "https://a b")) {
            assertThat(problems(wrong, "{\"clientId\":\"k\",\"everybody\":true}"))
                    .as(wrong)
                    .singleElement()
                    .asString()
                    .contains("must be an https address");
        }
    }

    @Test
    void everythingThatIsWrongWithTheFile_isToldAtOnce() throws Exception {
        assertThat(problems(ISSUER, """
                        {"clientID": " ", "secret": "x", "scopes": ["a b"], "clientSecretFile": "none",
                         "caFile": "oidc.json", "claims": {"name": "", "mail": "email"},
                         "groups": {"a": "?", "b": "Good"}, "everybody": "yes"}"""))
                .anyMatch(p -> p.contains("'secret' is not known; known are clientId"))
                .anyMatch(p -> p.contains("'claims.mail' is not known"))
                .anyMatch(p -> p.contains("'clientId' must not be empty"))
                .anyMatch(p -> p.contains("'scopes' must be names without spaces"))
                .anyMatch(p -> p.contains("'clientSecretFile'") && p.contains("there is no such file"))
                .anyMatch(p -> p.contains("'caFile'") && p.contains("has no certificate in it"))
                .anyMatch(p -> p.contains("'claims.name' must be the name of a claim"))
                .anyMatch(p -> p.contains("'groups.a' must be the name of a group here"))
                .anyMatch(p -> p.contains("'everybody' must be true or false"))
                .allMatch(p -> p.startsWith("--oidc-config "));
        assertThat(problems(ISSUER, "{\"clientId\":\n\"k\""))
                .singleElement()
                .asString()
                .contains("line 2");
        assertThat(problems(ISSUER, "")).singleElement().asString().contains("is empty");
        assertThat(problems(ISSUER, "{\"clientId\":\"k\",\"clientId\":\"l\"}")).isNotEmpty();
        assertThat(new ProviderOptions(Optional.of(ISSUER), Optional.of(directory.resolve("away"))).problems())
                .singleElement()
                .asString()
                .contains("there is no such file");
    }

    @Test
    void fileThatLetsNobodyIn_isRefused() throws Exception {
        assertThat(problems(ISSUER, "{\"clientId\":\"k\"}"))
                .singleElement()
                .asString()
                .contains("nobody could sign in");
        assertThat(problems(ISSUER, "{\"clientId\":\"k\",\"groups\":{}}"))
                .singleElement()
                .asString()
                .contains("maps nothing");
    }

    @Test
    void fileThatOthersCanWrite_isRefused_andWhoseCertificatesAreTakenToo() throws Exception {
        String text = "{\"clientId\":\"k\",\"caFile\":\"ca.pem\",\"everybody\":true}";
        Path ca = Files.writeString(directory.resolve("ca.pem"), "");
        Files.setPosixFilePermissions(ca, PosixFilePermissions.fromString("rw-rw-r--"));
        for (String rights : List.of("rw-rw-r--", "rw-r--rw-")) {
            Path file = file(text);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
            assertThat(new ProviderOptions(Optional.of(ISSUER), Optional.of(file)).problems())
                    .singleElement()
                    .asString()
                    .contains("--oidc-config " + file, "can be written by others", "chmod go-w");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        assertThat(problems(ISSUER, text))
                .singleElement()
                .asString()
                .contains("'caFile'", "can be written by others", "chmod go-w");
    }

    @Test
    void secretThatOthersCanRead_isRefused_andIsNeverShown() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "s3cret-of-client\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        String text = "{\"clientId\":\"k\",\"clientSecretFile\":\"secret\",\"everybody\":true}";
        assertThat(problems(ISSUER, text)).singleElement().asString().contains("chmod 600");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        ProviderConfig config = new ProviderOptions(Optional.of(ISSUER), Optional.of(file(text)))
                .read(new ArrayList<>())
                .orElseThrow();
        assertThat(config.secret().orElseThrow().<String>reveal(b -> new String(b, StandardCharsets.UTF_8)))
                .isEqualTo("s3cret-of-client");
        assertThat(config.toString()).doesNotContain("s3cret");
    }

    @Test
    void whatIsNotSaid_isWhatProvidersMostlyDo() throws Exception {
        ProviderConfig config = new ProviderOptions(
                        Optional.of(ISSUER), Optional.of(file("{\"clientId\":\"k\",\"groups\":{\"x y\":\"Days\"}}")))
                .read(new ArrayList<>())
                .orElseThrow();
        assertThat(config.audience()).isEqualTo("k");
        assertThat(config.scopes()).containsExactly("openid", "profile");
        assertThat(config.claims()).isEqualTo(new ProviderConfig.Claims("preferred_username", "name", "groups"));
        assertThat(config.groups()).containsOnly(java.util.Map.entry("x y", new GroupName("Days")));
        assertThat(config.everybody()).isFalse();
        assertThat(config.outside().groups()).containsExactly(new GroupName("Days"));
    }
}
