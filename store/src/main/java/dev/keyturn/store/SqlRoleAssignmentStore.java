package dev.keyturn.store;

import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.identity.RoleAssignment;
import dev.keyturn.core.identity.RoleAssignmentStore;
import dev.keyturn.core.identity.Scope;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Role assignments. What is below a scope begins with its path and a slash: a range of the primary key. */
final class SqlRoleAssignmentStore implements RoleAssignmentStore {
    private static final String SELECT =
            "SELECT name, scope, role, principal, description, created_at, created_by, holder FROM role_assignment";

    /** A principal, and the groups of people that it is in; the mark stands for the principal both times. */
    private static final String HOLDERS =
            "(SELECT ? UNION ALL SELECT person_group FROM person_group_member WHERE person = ?)";

    @Override
    public Hit insert(Tx tx, RoleAssignment assignment) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO role_assignment
                                    (name, scope, role, principal, description, created_at, created_by, holder)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                assignment.name(),
                                assignment.scope(),
                                assignment.role(),
                                assignment.principal(),
                                assignment.description(),
                                assignment.createdAt(),
                                assignment.createdBy(),
                                assignment.holder())
                == 1);
    }

    @Override
    public Optional<RoleAssignment> find(Tx tx, Scope scope, UUID name) {
        return SqlTx.of(tx).one(SELECT + " WHERE scope = ? AND name = ?", SqlRoleAssignmentStore::read, scope, name);
    }

    @Override
    public Optional<RoleAssignment> find(Tx tx, Scope scope, UUID role, PrincipalId principal) {
        return SqlTx.of(tx)
                .one(
                        SELECT + " WHERE scope = ? AND role = ? AND principal = ?",
                        SqlRoleAssignmentStore::read,
                        scope,
                        role,
                        principal);
    }

    @Override
    public Hit delete(Tx tx, Scope scope, UUID name) {
        return Hit.of(
                SqlTx.of(tx).update("DELETE FROM role_assignment WHERE scope = ? AND name = ?", scope, name) == 1);
    }

    @Override
    public List<RoleAssignment> held(Tx tx, PrincipalId principal, List<Scope> scopes) {
        List<Object> arguments = new ArrayList<>(scopes);
        arguments.addAll(0, List.of(principal, principal));
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE principal IN " + HOLDERS + " AND scope IN (" + marks(scopes)
                                + ") ORDER BY scope, name",
                        SqlRoleAssignmentStore::read,
                        arguments.toArray());
    }

    @Override
    public List<RoleAssignment> at(Tx tx, List<Scope> scopes) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE scope IN (" + marks(scopes) + ") ORDER BY scope, name",
                        SqlRoleAssignmentStore::read,
                        scopes.toArray());
    }

    @Override
    public List<RoleAssignment> below(Tx tx, Scope scope) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE scope > ? AND scope < ? ORDER BY scope, name",
                        SqlRoleAssignmentStore::read,
                        scope.path() + '/',
                        Heads.end(scope.path() + '/'));
    }

    @Override
    public List<RoleAssignment> heldBelow(Tx tx, PrincipalId principal, Scope scope) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE principal IN " + HOLDERS + " AND scope > ? AND scope < ? ORDER BY scope, name",
                        SqlRoleAssignmentStore::read,
                        principal,
                        principal,
                        scope.path() + '/',
                        Heads.end(scope.path() + '/'));
    }

    @Override
    public void deleteOf(Tx tx, PrincipalId principal) {
        SqlTx.of(tx).update("DELETE FROM role_assignment WHERE principal = ?", principal);
    }

    @Override
    public void deleteWithin(Tx tx, Scope scope) {
        SqlTx.of(tx)
                .update(
                        "DELETE FROM role_assignment WHERE scope = ? OR (scope > ? AND scope < ?)",
                        scope,
                        scope.path() + '/',
                        Heads.end(scope.path() + '/'));
    }

    /** Where there are none, NULL: it is equal to nothing, and SQL has no empty list. */
    private static String marks(List<Scope> scopes) {
        return scopes.isEmpty() ? "NULL" : String.join(", ", Collections.nCopies(scopes.size(), "?"));
    }

    private static RoleAssignment read(Row row) throws SQLException {
        return new RoleAssignment(
                row.uuid(),
                new Scope(row.text()),
                row.uuid(),
                row.principal(),
                row.optionalText(),
                row.time(),
                row.text(),
                row.constant(HolderKind.class));
    }
}
