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
import com.microsoft.aad.msal4j.IAuthenticationResult;
import com.microsoft.aad.msal4j.InteractiveRequestParameters;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.SystemBrowserOptions;
import com.nimbusds.jwt.SignedJWT;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.Trust;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    /** The library that {@code InteractiveBrowserCredential} is made of, which can be told how a browser is opened. */
    @Test
    void theBrowserThatTheLibraryOpens_signsThePersonIn() throws Exception {
        PortalPerson person = PortalPerson.invited(server, "sdk-bea");
        PublicClientApplication application = PublicClientApplication.builder("04b07795-8ddb-461a-bbee-02f9e1bf7b46")
                .authority(env.server() + "/" + env.tenant() + "/")
                .instanceDiscovery(false)
                .sslSocketFactory(Trust.in(env.caFile()).getSocketFactory())
                .build();
        CompletableFuture<Void> browser = new CompletableFuture<>();
        InteractiveRequestParameters wanted = InteractiveRequestParameters.builder(URI.create("http://localhost"))
                .scopes(Set.of(env.server() + "/arm/.default"))
                .systemBrowserOptions(SystemBrowserOptions.builder()
                        .openBrowserAction(
                                url -> Thread.startVirtualThread(() -> opens(person, url.toString(), browser)))
                        .build())
                .build();
        CompletableFuture<IAuthenticationResult> asked = application.acquireToken(wanted);
        browser.get(60, TimeUnit.SECONDS); // what went wrong there is what is wrong
        IAuthenticationResult result = asked.get(60, TimeUnit.SECONDS);
        assertThat(result.account().username()).isEqualTo("sdk-bea");
        assertThat(result.account().homeAccountId()).isEqualTo(person.id() + "." + env.tenant());
        assertThat(SignedJWT.parse(result.accessToken()).getJWTClaimsSet().getStringClaim("oid"))
                .isEqualTo(person.id());
    }

    private static void opens(PortalPerson person, String url, CompletableFuture<Void> done) {
        try {
            person.allowsInBrowser(url);
            done.complete(null);
        } catch (RuntimeException | AssertionError e) {
            done.completeExceptionally(e);
        }
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
