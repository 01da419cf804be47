package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import dev.keyturn.host.Fixture;
import dev.keyturn.store.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** A server's process in the middle of a start, to be killed. Arguments: directory, installation, VM, how far it goes. */
final class StartingProcess {
    /** All secrets are defined, and nothing follows. */
    static final String SECRETS = "secrets";

    static final String START = "start";

    private StartingProcess() {}

    public static void main(String[] args) throws HostUnusableException, IOException, InterruptedException {
        Path directory = Path.of(args[0]);
        LibvirtSettings settings = LibvirtRig.settings(directory, UUID.fromString(args[1]));
        Fixture vm = Fixture.seeded(UUID.fromString(args[2]));
        if (args[3].equals(START)) {
            TestDatabase database = TestDatabase.in(Files.createTempDirectory(directory, "data"));
            LibvirtHost.open(settings, database.transactions(), LibvirtRig.NO_NAMES)
                    .start(Fixture.fence(), vm.machine(), vm.all());
        } else {
            define(settings, vm);
        }
        new CountDownLatch(1).await();
    }

    private static void define(LibvirtSettings settings, Fixture vm) {
        Hypervisor hypervisor =
                new Hypervisor(settings.name(), settings.uri(), settings.patience(), () -> {}, (_, _) -> {});
        EphemeralSecrets.Lent lent = new EphemeralSecrets(hypervisor, settings.installation(), settings.name()).lend();
        for (Passphrases use : Passphrases.values()) {
            try (SecretBytes passphrase = use.of(vm.osDisk().dataKey())) {
                lent.define(use, passphrase);
            }
        }
    }
}
