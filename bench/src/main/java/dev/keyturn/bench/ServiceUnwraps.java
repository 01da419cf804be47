package dev.keyturn.bench;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.Caller;
import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.identity.Roles;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyCryptoService;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.keycrypto.BackendKey;
import dev.keyturn.core.keycrypto.CipherAlgorithm;
import dev.keyturn.core.keycrypto.CipherText;
import dev.keyturn.core.keycrypto.CryptoRefusedException;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.resource.Draft;
import dev.keyturn.core.resource.Precondition;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vault.VaultSpec;
import dev.keyturn.node.Services;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * One key of a vault, unwrapped through the service as a request would have it, for a principal with a role on the
 * vault; and by the backend alone. Through the service two reads and one record, which is on the disk before the answer,
 * come with each.
 */
final class ServiceUnwraps {
    private static final Call SERVER = Call.server(Call.SERVER, new UUID(0, 1));
    private static final String SUBSCRIPTION = "00000000-0000-0000-0000-0000000be9c4";
    private static final CipherAlgorithm ALGORITHM = CipherAlgorithm.RSA_OAEP_256;
    private static final String KEY = "cmk";

    private final Engine engine;
    private final Caller caller = new Caller(new PrincipalId(UUID.randomUUID()), "bench");
    private final Vault vault;
    private final BackendKey key;
    private final CipherText wrapped;

    ServiceUnwraps(Engine engine, int bits) throws CryptoRefusedException {
        this.engine = engine;
        Services services = engine.services();
        Draft draft = new Draft(CountingVault.LOCATION, Map.of(), "{}");
        services.groups().put(SERVER, ArmId.group(SUBSCRIPTION, "bench"), Precondition.NONE, _ -> draft);
        ArmId id = new ArmId(SUBSCRIPTION, "bench", VaultKind.VAULT.type(), "unwraps-" + bits);
        var spec = new VaultSpec(
                draft,
                new UUID(0, 1),
                "premium",
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                false);
        vault = services.vaults()
                .put(SERVER, VaultKind.VAULT, id, Precondition.NONE, _ -> spec)
                .vault();
        var granted = services.grants()
                .grant(
                        SERVER,
                        new RoleAssignments.Grant(
                                UUID.randomUUID(),
                                Scope.of(id),
                                Roles.KEY_VAULT_CRYPTO_USER.id(),
                                caller.principal(),
                                Optional.empty(),
                                Optional.of(HolderKind.SERVICE_PRINCIPAL)));
        if (!granted.created()) {
            throw new IllegalStateException("the role was there before: " + granted.assignment());
        }
        var wanted = new NewKey(
                new KeySpec.Rsa(bits, true), Optional.empty(), AttributeChanges.NONE, Map.of(), Optional.empty());
        KeyVersion made = services.keys().keys().create(SERVER, vault, KEY, wanted);
        key = made.backendKey();
        wrapped = engine.backend.encrypt(key, ALGORITHM, new byte[32], Optional.empty(), Optional.empty());
    }

    Callable<byte[]> throughTheService() {
        KeyCryptoService crypto = engine.services().keys().crypto();
        var use = new KeyCryptoService.Use(KEY, Optional.empty(), ALGORITHM);
        return () -> {
            Call call = new Call(caller, UUID.randomUUID(), Optional.empty(), Call.Door.VAULT);
            try (var clear = crypto.unwrap(call, vault, use, wrapped.bytes()).plaintext()) {
                return clear.reveal(byte[]::clone);
            }
        };
    }

    Callable<byte[]> byTheBackend() {
        return () -> {
            try (var clear = engine.backend.decrypt(key, ALGORITHM, wrapped, Optional.empty())) {
                return clear.reveal(byte[]::clone);
            }
        };
    }
}
