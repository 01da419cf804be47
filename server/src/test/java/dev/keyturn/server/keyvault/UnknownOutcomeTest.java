package dev.keyturn.server.keyvault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.core.audit.AuditLog;
import dev.keyturn.core.door.Doors;
import dev.keyturn.core.identity.Access;
import dev.keyturn.core.identity.RoleAccess;
import dev.keyturn.core.identity.RoleAssignments;
import dev.keyturn.core.key.AttributeChanges;
import dev.keyturn.core.key.KeyBackends;
import dev.keyturn.core.key.KeyServices;
import dev.keyturn.core.key.NewKey;
import dev.keyturn.core.keycrypto.Curve;
import dev.keyturn.core.keycrypto.KeyBackend;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.model.OutcomeUnknown;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ResourceGroupService;
import dev.keyturn.core.time.ServerTime;
import dev.keyturn.core.tx.Transactions;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.core.vault.Deletions;
import dev.keyturn.core.vault.Vault;
import dev.keyturn.core.vault.VaultHosts;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.keys.MasterKey;
import dev.keyturn.keys.software.SoftwareKeyBackend;
import dev.keyturn.store.SqlStores;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key whose row may or may not be stored keeps its material. */
class UnknownOutcomeTest {
    private static final NewKey KEY = new NewKey(
            new KeySpec.Ec(Curve.named("P-256").orElseThrow(), false),
            Optional.empty(),
            AttributeChanges.NONE,
            Map.of(),
            Optional.empty());

    @TempDir
    Path directory;

    private final AtomicInteger destroyed = new AtomicInteger();

    @Test
    void keyWhoseRowMayBeStored_keepsItsMaterial_oneWhoseRowIsNotLosesIt() {
        try (KeyVaultRig rig = new KeyVaultRig(directory)) {
            Transactions database = rig.database.transactions();
            rig.makeVault(false);
            Vault vault = rig.vaults.named(VaultKind.VAULT, "v-one").orElseThrow();
            RuntimeException unknown = OutcomeUnknown.because("no answer");
            KeyServices slow = services(rig, new Answering(database, true, unknown));
            assertThatThrownBy(() -> slow.keys().create(rig.call("owner"), vault, "kept", KEY))
                    .isSameAs(unknown);
            assertThat(destroyed).hasValue(0);
            KeyVaultRig.expect(200, rig.vault("GET", "/keys/kept", ""));

            RuntimeException refused =
                    new DomainError.Unavailable(ErrorInfo.of("StorageBusy", "not begun")).asException();
            KeyServices busy = services(rig, new Answering(database, false, refused));
            assertThatThrownBy(() -> busy.keys().create(rig.call("owner"), vault, "none", KEY))
                    .isSameAs(refused);
            assertThat(destroyed).hasValue(1);
        }
    }

    private KeyServices services(KeyVaultRig rig, Transactions transactions) {
        SecureRandom random = new SecureRandom();
        SqlStores stores = rig.database.stores();
        MasterKey root = MasterKey.of(new byte[32], random);
        Access access = new RoleAccess(stores.roleAssignments());
        Doors doors = new Doors(transactions, access, new AuditLog(stores.audit(), rig.clock, "node"));
        return KeyServices.over(
                new KeyServices.Parts(
                        transactions,
                        doors,
                        stores.vaults(),
                        stores.keys(),
                        rig.inUse,
                        KeyBackends.of(counting(new SoftwareKeyBackend(root, random))),
                        root,
                        access,
                        stores.principals(),
                        stores.personGroups(),
                        new ResourceGroupService(
                                transactions,
                                stores.resources(),
                                new OperationService(transactions, stores.operations(), rig.clock),
                                doors,
                                rig.clock),
                        new VaultHosts("keyturn.test", 8443),
                        new Deletions(rig.clock, ServerTime.of(rig.clock)),
                        random),
                new RoleAssignments(transactions, stores.roleAssignments(), stores.principals(), rig.clock));
    }

    private KeyBackend counting(KeyBackend real) {
        return (KeyBackend) Proxy.newProxyInstance(
                KeyBackend.class.getClassLoader(), new Class<?>[] {KeyBackend.class}, (_, method, arguments) -> {
                    if (method.getName().equals("destroy")) {
                        destroyed.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Writes, or does not, and throws in either case. */
    private record Answering(Transactions real, boolean writes, RuntimeException answer) implements Transactions {
        @Override
        public <T> T read(Function<Tx, T> work) {
            return real.read(work);
        }

        @Override
        public <T> T write(Function<Tx, T> work) {
            if (writes) {
                T done = real.write(work);
                assertThat(done).isNotNull();
            }
            throw answer;
        }
    }
}
