package dev.keyturn.store.engine;

import dev.keyturn.core.envelope.SetKeyId;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.operation.OperationId;
import dev.keyturn.core.vault.VaultId;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How values of the domain stand in the database: instants as milliseconds since the epoch, truths as 0 and 1, enums by
 * name, ids as text. An {@link ArmId} is bound as its key, the form that is compared.
 */
public final class Arguments {
    private Arguments() {}

    public static void bind(PreparedStatement statement, @Nullable Object... arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            bind(statement, i + 1, arguments[i]);
        }
    }

    public static void bind(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(at, Types.NULL);
            case Optional<?> optional -> bind(statement, at, optional.orElse(null));
            case String text -> statement.setString(at, text);
            case Long number -> statement.setLong(at, number);
            case Integer number -> statement.setInt(at, number);
            case Boolean truth -> statement.setInt(at, truth ? 1 : 0);
            case Instant time -> statement.setLong(at, time.toEpochMilli());
            case byte[] bytes -> statement.setBytes(at, bytes);
            case ArmId id -> statement.setString(at, id.key());
            case ArtifactId id -> statement.setLong(at, id.value());
            case UUID id -> statement.setString(at, id.toString());
            case OperationId id -> statement.setString(at, id.toString());
            case SetKeyId id -> statement.setString(at, id.toString());
            case PrincipalId id -> statement.setString(at, id.toString());
            case VaultId id -> statement.setString(at, id.toString());
            case Scope scope -> statement.setString(at, scope.path());
            case Enum<?> constant -> statement.setString(at, constant.name());
            default -> throw new IllegalArgumentException("no column holds a " + value.getClass());
        }
    }
}
