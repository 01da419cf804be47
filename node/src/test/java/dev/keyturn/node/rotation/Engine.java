package dev.keyturn.node.rotation;

import dev.keyturn.core.artifact.Artifact;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.diskset.KeyChange;
import dev.keyturn.core.diskset.SetIdentity;
import dev.keyturn.core.envelope.PlatformKey;
import dev.keyturn.core.envelope.SetKey;
import dev.keyturn.core.envelope.SetKeyCipher;
import dev.keyturn.core.envelope.SetKeys;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.core.operation.LeaseOwner;
import dev.keyturn.core.operation.Operation;
import dev.keyturn.core.operation.OperationService;
import dev.keyturn.core.resource.ProvisioningState;
import dev.keyturn.core.resource.Resource;
import dev.keyturn.core.rotation.RotationService;
import dev.keyturn.core.time.SeenTime;
import dev.keyturn.node.Calls;
import dev.keyturn.node.Node;
import dev.keyturn.node.NodeBuilder;
import dev.keyturn.node.SettableElapsed;
import dev.keyturn.store.SqlStores;
import dev.keyturn.store.TestDatabase;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One "process" of the rotation engine on a real store, with a vault and a host that outlive it. A kill is making
 * another Engine on the same three.
 */
final class Engine {
    static final Call WHO = Calls.by("tester");

    static final String SUBSCRIPTION = "sub";
    final KillableTransactions transactions;
    final SqlStores stores;
    final FakeVault vault;
    final FakeHost host;
    final OperationService operations;
    final RotationService rotations;
    final SetKeys setKeys;
    final SecureRandom random = new SecureRandom();
    final Clock clock;
    private final Node node;

    /** So small that even a small fleet takes several batches. */
    private static final int BATCH = 2;

    Engine(TestDatabase database, FakeVault vault, FakeHost host, Clock clock) {
        this(database, database.stores(), vault, host, clock);
    }

    Engine(TestDatabase database, SqlStores stores, FakeVault vault, FakeHost host, Clock clock) {
        this.stores = stores;
        this.transactions = new KillableTransactions(database.transactions());
        this.vault = vault;
        this.host = host;
        this.clock = clock;
        this.node = new NodeBuilder(
                        transactions,
                        stores,
                        new NoPlatformKey(),
                        clock,
                        SeenTime.open(database.transactions(), stores.settings(), clock, new SettableElapsed()))
                .hosts(List.of(host))
                .customerKeys(vault)
                .random(random)
                .rewrapBatch(BATCH)
                .open();
        this.operations = node.services().operations();
        this.setKeys = node.services().setKeys();
        this.rotations = node.services().rotations();
    }

    /** What a process does when it starts: drops the leases its predecessor held, and goes on with what is due. */
    void resume() {
        transactions.run(
                tx -> stores.operations().abandon(tx, new LeaseOwner("node", UUID.randomUUID()), clock.instant()));
        runAll();
    }

    void runAll() {
        try {
            int ran = node.runner().runDue();
            assert ran >= 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Saves the key on the set and waits for the end: the operation as it ended. */
    Operation rotate(ArmId set, KeyId to) {
        return rotate(KeyChange.Request.of(set, to));
    }

    Operation rotate(KeyChange.Request request) {
        Operation begun = rotations.begin(WHO, request);
        runAll();
        return operations.find(begun.id()).orElseThrow();
    }

    DiskEncryptionSet set(ArmId id) {
        return transactions.read(tx -> stores.diskSets().find(tx, id)).orElseThrow();
    }

    /** What a reader of the set is told beside the active key. */
    List<KeyId> previousKeys(ArmId set) {
        return node.services().sets().show(WHO, set).previousKeys();
    }

    List<Artifact> artifacts(ArmId set) {
        return transactions.read(tx -> stores.artifacts().ofSet(tx, set, new ArtifactId(0), 100_000));
    }

    /** The key version that each artifact of the set is under, by artifact. */
    Map<ArtifactId, KeyId> keys(ArmId set) {
        Map<ArtifactId, KeyId> out = new java.util.TreeMap<>();
        transactions.run(tx -> stores.artifacts()
                .ofSet(tx, set, new ArtifactId(0), 100_000)
                .forEach(a -> out.put(
                        a.id(),
                        ((SetKey.Customer) stores.setKeys()
                                        .find(tx, a.envelope().setKey())
                                        .orElseThrow())
                                .key())));
        return out;
    }

    /** Those whose envelope does not yield the very key that the image was made with; empty is well. */
    List<ArtifactId> unopenable(ArmId setId) {
        DiskEncryptionSet set = set(setId);
        List<ArtifactId> bad = new java.util.ArrayList<>();
        Map<UUID, SetKeyCipher> open = new java.util.HashMap<>();
        for (Artifact a : artifacts(setId)) {
            SetKeyCipher cipher = open.computeIfAbsent(
                    a.envelope().setKey().value(),
                    id -> setKeys.open(
                            (SetKey.Customer) transactions
                                    .read(tx -> stores.setKeys()
                                            .find(tx, a.envelope().setKey()))
                                    .orElseThrow(),
                            set.principal()));
            var image = transactions
                    .read(tx -> stores.artifacts().images(tx, List.of(a.id())))
                    .get(a.id());
            try (SecretBytes dataKey = cipher.open(a.id(), a.set(), a.envelope())) {
                if (image == null || !host.opens(new HostArtifact(image, dataKey))) {
                    bad.add(a.id());
                }
            } catch (RuntimeException e) {
                bad.add(a.id());
            }
        }
        open.values().forEach(SetKeyCipher::close);
        return bad;
    }

    ArmId createSet(String name, KeyId key) {
        ArmId id = new ArmId(SUBSCRIPTION, "rg", DiskEncryptionSet.TYPE, name);
        transactions.run(tx -> {
            boolean made = stores.diskSets()
                    .insert(
                            tx,
                            new DiskEncryptionSet(
                                    Resource.created(
                                            id,
                                            FakeVault.LOCATION,
                                            Map.of(),
                                            "{}",
                                            ProvisioningState.SUCCEEDED,
                                            clock.instant()),
                                    key,
                                    Optional.empty(),
                                    new SetIdentity.SystemAssigned(new PrincipalId(UUID.randomUUID())),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty(),
                                    Optional.empty()))
                    .hit();
            assert made;
        });
        return id;
    }

    private static final class NoPlatformKey implements PlatformKey {
        @Override
        public byte[] seal(SecretBytes plaintext, String context) {
            throw new AssertionError("no artifact of these tests is under the platform's key");
        }

        @Override
        public SecretBytes open(byte[] sealed, String context) {
            throw new AssertionError("no artifact of these tests is under the platform's key");
        }
    }
}
