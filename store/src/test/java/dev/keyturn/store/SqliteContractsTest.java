package dev.keyturn.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;

/** Every contract on the embedded database. */
final class SqliteContractsTest {
    private static TestDatabase sqlite(Path directory) {
        return new SqliteTestDatabase(directory);
    }

    @Nested
    final class OnTransactions extends TransactionsContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnResourceStore extends ResourceStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnOperationStore extends OperationStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnOAuthStore extends OAuthStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnDiskSetStore extends DiskSetStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnSetKeyStore extends SetKeyStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnVerificationStore extends VerificationStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnNodeStore extends NodeStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnImageStore extends ImageStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnArtifactStore extends ArtifactStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnVmStore extends VmStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnDiskStore extends DiskStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnRotationStore extends RotationStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnVaultStore extends VaultStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnKeyStore extends KeyStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnIdentityStores extends IdentityStoresContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnAuditStore extends AuditStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnWatchStore extends WatchStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnHostDirectory extends HostDirectoryContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnFleetStore extends FleetStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnPersonGroupStore extends PersonGroupStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnOutsideStore extends OutsideStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnKeyUseStore extends KeyUseStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnPersonStore extends PersonStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }

    @Nested
    final class OnPasskeyStore extends PasskeyStoreContract {
        @Override
        TestDatabase open(Path directory) {
            return sqlite(directory);
        }
    }
}
