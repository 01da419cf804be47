package dev.keyturn.acceptance;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.management.AzureEnvironment;
import com.azure.core.management.profile.AzureProfile;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.resourcemanager.compute.ComputeManager;
import com.azure.security.keyvault.keys.KeyClient;
import com.azure.security.keyvault.keys.KeyClientBuilder;
import com.azure.security.keyvault.keys.cryptography.CryptographyClient;
import com.azure.security.keyvault.keys.cryptography.CryptographyClientBuilder;
import dev.keyturn.cli.client.ClientEnv;
import dev.keyturn.cli.client.Trust;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Azure's own SDK for Java, told where the server is and whom to trust, and otherwise as it comes. */
final class Azure {
    private final ClientEnv env;
    private final HttpClient http;
    private final TokenCredential credential;

    Azure(ClientEnv env) {
        this.env = env;
        this.http = new JdkHttpClientBuilder(
                        java.net.http.HttpClient.newBuilder().sslContext(Trust.in(env.caFile())))
                .build();
        this.credential = new ClientSecretCredentialBuilder()
                .authorityHost(env.server().toString())
                .disableInstanceDiscovery()
                .tenantId(env.tenant())
                .clientId(env.clientId())
                .clientSecret(env.clientSecret().reveal(s -> new String(s, StandardCharsets.UTF_8)))
                .httpClient(http)
                .build();
    }

    ComputeManager compute() {
        Map<String, String> endpoints = new HashMap<>();
        endpoints.put("managementEndpointUrl", env.server() + "/arm");
        endpoints.put("resourceManagerEndpointUrl", env.server().toString());
        endpoints.put("activeDirectoryEndpointUrl", env.server().toString());
        endpoints.put("activeDirectoryGraphResourceId", env.server() + "/graph/");
        endpoints.put("microsoftGraphResourceId", env.server() + "/graph/");
        AzureProfile profile = new AzureProfile(env.tenant(), env.subscription(), new AzureEnvironment(endpoints));
        return ComputeManager.configure()
                .withHttpClient(http)
                .withRetryOptions(new RetryOptions(new FixedDelayOptions(0, java.time.Duration.ofMillis(1))))
                .authenticate(credential, profile);
    }

    KeyClient keys(String vault) {
        return new KeyClientBuilder()
                .vaultUrl("https://" + env.vaultHost(vault))
                .credential(credential)
                .httpClient(http)
                .buildClient();
    }

    KeyClient hsmKeys(String hsm) {
        return new KeyClientBuilder()
                .vaultUrl("https://" + env.hsmHost(hsm))
                .credential(credential)
                .httpClient(http)
                .buildClient();
    }

    CryptographyClient crypto(String keyId) {
        return new CryptographyClientBuilder()
                .keyIdentifier(keyId)
                .credential(credential)
                .httpClient(http)
                .buildClient();
    }
}
