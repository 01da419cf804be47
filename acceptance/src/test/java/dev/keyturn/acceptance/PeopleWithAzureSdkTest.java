package dev.keyturn.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DeviceCodeCredential;
import com.azure.identity.DeviceCodeCredentialBuilder;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.Trust;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** People sign in with Azure's SDK for Java as with the portal, by the same account. */
class PeopleWithAzureSdkTest {
    private final ServerProcess server = ServerProcess.shared();
    private final ClientEnv env = server.env();
    private final HttpClient http =
            new JdkHttpClientBuilder(java.net.http.HttpClient.newBuilder().sslContext(Trust.in(env.caFile()))).build();

    @Test
    void aDeviceCode_signsThePersonIn_forOneResourceAndThenAnother_untilThePersonLeaves() throws Exception {
        PortalPerson person = PortalPerson.invited(server, "sdk-ann");
        AtomicBoolean asked = new AtomicBoolean();
        DeviceCodeCredential credential = new DeviceCodeCredentialBuilder()
                .authorityHost(env.server().toString())
                .disableInstanceDiscovery()
                .tenantId(env.tenant())
                .httpClient(this::send)
                .challengeConsumer(challenge -> {
                    asked.set(true);
                    assertThat(challenge.getVerificationUrl()).isEqualTo(env.server() + "/portal/device");
                    person.allows(challenge.getUserCode());
                })
                .build();
        AccessToken arm = token(credential, env.server() + "/arm");
        assertThat(asked.getAndSet(false)).isTrue();
        assertThat(SignedJWT.parse(arm.getToken()).getJWTClaimsSet().getStringClaim("oid"))
                .isEqualTo(person.id());
        AccessToken vaults = token(credential, "https://" + env.vaultSuffix().substring(1));
        assertThat(SignedJWT.parse(vaults.getToken()).getJWTClaimsSet().getAudience())
                .containsExactly("https://" + env.vaultSuffix().substring(1));
        assertThat(asked.get()).as("by the refresh token").isFalse();

        person.signsOutEverywhere();
        person.signsIn();
        token(credential, env.server() + "/graph");
        assertThat(asked.get()).as("the person had left").isTrue();
    }

    /** Where it renews a token MSAL leaves the port out; put back here, as if the server had 443. */
    private Mono<HttpResponse> send(HttpRequest request) {
        String url = request.getUrl().toString();
        return http.send(request.setUrl(url.replace("https://localhost/", env.server() + "/")));
    }

    private static AccessToken token(DeviceCodeCredential credential, String resource) {
        return credential.getTokenSync(new TokenRequestContext().addScopes(resource + "/.default"));
    }
}
