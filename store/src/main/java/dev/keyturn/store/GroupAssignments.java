package dev.keyturn.store;

import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The role assignments of a group that goes: all at it and below it, but for those at its soft-deleted vaults and
 * managed HSMs, which may be recovered and go at their purge.
 */
final class GroupAssignments {
    private GroupAssignments() {}

    private record At(Scope scope, UUID name) {}

    static void delete(SqlTx tx, ArmId group) {
        Scope scope = Scope.of(group);
        String below = scope.path() + '/';
        Set<String> kept = deletedVaults(tx, group, below);
        List<At> all = tx.list(
                "SELECT scope, name FROM role_assignment WHERE scope = ? OR (scope > ? AND scope < ?)",
                row -> new At(new Scope(row.text()), row.uuid()),
                scope,
                below,
                Heads.end(below));
        for (At one : all) {
            if (!kept.contains(resource(one.scope()))) {
                tx.update("DELETE FROM role_assignment WHERE scope = ? AND name = ?", one.scope(), one.name());
            }
        }
    }

    private static Set<String> deletedVaults(SqlTx tx, ArmId group, String below) {
        Set<String> paths = new HashSet<>();
        for (String head : tx.list(
                "SELECT head_copy FROM vault WHERE head_id IS NULL AND subscription = ?",
                Row::text,
                Heads.lower(group.subscription()))) {
            String path = Scope.of(VaultColumns.head(head).id()).path();
            if (path.startsWith(below)) {
                paths.add(path);
            }
        }
        return paths;
    }

    private static String resource(Scope scope) {
        return scope.id().flatMap(ArmId::head).map(ArmId::key).orElse(scope.path());
    }
}
