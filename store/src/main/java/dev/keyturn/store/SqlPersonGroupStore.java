package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.GroupName;
import dev.keyturn.core.people.PersonGroup;
import dev.keyturn.core.people.PersonGroupStore;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Groups of people, and who is in them. */
final class SqlPersonGroupStore implements PersonGroupStore {
    private static final String COLUMNS = "g.id, g.name, g.description, g.created_at, g.created_by";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM person_group g";

    @Override
    public Hit insert(Tx tx, PersonGroup group) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO person_group (id, name_key, name, description, created_at, created_by)
                                VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                group.id(),
                                group.name().key(),
                                group.name().text(),
                                group.description(),
                                group.createdAt(),
                                group.createdBy())
                == 1);
    }

    @Override
    public Optional<PersonGroup> find(Tx tx, PrincipalId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE g.id = ?", SqlPersonGroupStore::group, id);
    }

    @Override
    public Optional<PersonGroup> find(Tx tx, GroupName name) {
        return SqlTx.of(tx).one(SELECT + " WHERE g.name_key = ?", SqlPersonGroupStore::group, name.key());
    }

    @Override
    public List<PersonGroup> page(Tx tx, Optional<GroupName> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE g.name_key > ? ORDER BY g.name_key LIMIT ?",
                        SqlPersonGroupStore::group,
                        after.map(GroupName::key).orElse(""),
                        limit);
    }

    @Override
    public Hit delete(Tx tx, PrincipalId id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM person_group WHERE id = ?", id) == 1);
    }

    @Override
    public Hit add(Tx tx, PrincipalId group, PrincipalId person, Instant at, String by) {
        return Hit.of(SqlTx.of(tx).update("""
                                INSERT INTO person_group_member (person_group, person, added_at, added_by)
                                VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING""", group, person, at, by) == 1);
    }

    @Override
    public Hit remove(Tx tx, PrincipalId group, PrincipalId person) {
        return Hit.of(SqlTx.of(tx)
                        .update("DELETE FROM person_group_member WHERE person_group = ? AND person = ?", group, person)
                == 1);
    }

    @Override
    public List<PersonGroup.Member> members(Tx tx, PrincipalId group, Optional<SignInName> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        """
                        SELECT p.id, p.name, p.display_name, p.must_change, p.created_at, p.created_by,
                            m.added_at, m.added_by
                        FROM person_group_member m JOIN person p ON p.id = m.person
                        WHERE m.person_group = ? AND p.name_key > ? ORDER BY p.name_key LIMIT ?""",
                        row -> new PersonGroup.Member(SqlPersonStore.person(row), row.time(), row.text()),
                        group,
                        after.map(SignInName::key).orElse(""),
                        limit);
    }

    @Override
    public List<PersonGroup> of(Tx tx, PrincipalId person) {
        return SqlTx.of(tx).list("SELECT " + COLUMNS + """
                         FROM person_group_member m JOIN person_group g ON g.id = m.person_group
                        WHERE m.person = ? ORDER BY g.name_key""", SqlPersonGroupStore::group, person);
    }

    private static PersonGroup group(Row row) throws SQLException {
        return new PersonGroup(row.principal(), new GroupName(row.text()), row.text(), row.time(), row.text());
    }
}
