package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.people.Link;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.PersonStore;
import dev.keyturn.core.people.Session;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** People, with the hashes of what they sign in with. */
final class SqlPersonStore implements PersonStore {
    private static final String SELECT =
            "SELECT id, name, display_name, must_change, created_at, created_by FROM person";
    private static final String SESSIONS =
            "SELECT hash, person, how, created_at, coalesce(shown_at, created_at), seen_at, address FROM person_session";

    @Override
    public Hit insert(Tx tx, Person person) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO person
                                    (id, name_key, name, display_name, must_change, created_at, created_by)
                                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                person.id(),
                                person.name().key(),
                                person.name().text(),
                                person.displayName(),
                                person.mustChange(),
                                person.createdAt(),
                                person.createdBy())
                == 1);
    }

    @Override
    public Optional<Person> find(Tx tx, PrincipalId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE id = ?", SqlPersonStore::person, id);
    }

    @Override
    public Optional<Person> find(Tx tx, SignInName name) {
        return SqlTx.of(tx).one(SELECT + " WHERE name_key = ?", SqlPersonStore::person, name.key());
    }

    @Override
    public List<Person> page(Tx tx, Optional<SignInName> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE name_key > ? ORDER BY name_key LIMIT ?",
                        SqlPersonStore::person,
                        after.map(SignInName::key).orElse(""),
                        limit);
    }

    @Override
    public boolean any(Tx tx) {
        return SqlTx.of(tx).exists("SELECT 1 FROM person LIMIT 1");
    }

    @Override
    public Hit rename(Tx tx, PrincipalId id, String displayName) {
        return Hit.of(SqlTx.of(tx).update("UPDATE person SET display_name = ? WHERE id = ?", displayName, id) == 1);
    }

    @Override
    public Optional<String> password(Tx tx, PrincipalId id) {
        return SqlTx.of(tx).one("SELECT password FROM person WHERE id = ? AND password IS NOT NULL", Row::text, id);
    }

    @Override
    public Hit setPassword(Tx tx, PrincipalId id, String hash, boolean mustChange) {
        return Hit.of(SqlTx.of(tx)
                        .update("UPDATE person SET password = ?, must_change = ? WHERE id = ?", hash, mustChange, id)
                == 1);
    }

    @Override
    public void forgetPassword(Tx tx, PrincipalId id) {
        SqlTx.of(tx).update("UPDATE person SET password = NULL, must_change = 0 WHERE id = ?", id);
    }

    @Override
    public Hit delete(Tx tx, PrincipalId id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM person WHERE id = ?", id) == 1);
    }

    @Override
    public void put(Tx tx, Link link) {
        SqlTx.of(tx).update("DELETE FROM person_link WHERE person = ?", link.person());
        SqlTx.of(tx)
                .update(
                        "INSERT INTO person_link (hash, person, expires_at) VALUES (?, ?, ?)",
                        link.id(),
                        link.person(),
                        link.expiresAt());
    }

    @Override
    public Optional<Link> link(Tx tx, String id) {
        return SqlTx.of(tx)
                .one(
                        "SELECT hash, person, expires_at FROM person_link WHERE hash = ?",
                        row -> new Link(row.text(), row.principal(), row.time()),
                        id);
    }

    @Override
    public void insert(Tx tx, Session session) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO person_session (hash, person, how, created_at, shown_at, seen_at, address)
                        VALUES (?, ?, ?, ?, ?, ?, ?)""",
                        session.id(),
                        session.person(),
                        session.how(),
                        session.createdAt(),
                        session.shownAt(),
                        session.seenAt(),
                        session.address());
    }

    @Override
    public Optional<Session> session(Tx tx, String id) {
        return SqlTx.of(tx).one(SESSIONS + " WHERE hash = ?", SqlPersonStore::session, id);
    }

    @Override
    public List<Session> sessions(Tx tx, PrincipalId person) {
        return SqlTx.of(tx)
                .list(SESSIONS + " WHERE person = ? ORDER BY created_at DESC, hash", SqlPersonStore::session, person);
    }

    @Override
    public void keepNewest(Tx tx, PrincipalId person, int most) {
        SqlTx.of(tx).update("""
                        DELETE FROM person_session WHERE person = ? AND hash NOT IN
                            (SELECT hash FROM person_session WHERE person = ? ORDER BY created_at DESC, hash LIMIT ?)""", person, person, most);
    }

    @Override
    public void seen(Tx tx, String id, Instant at) {
        SqlTx.of(tx).update("UPDATE person_session SET seen_at = ? WHERE hash = ? AND seen_at < ?", at, id, at);
    }

    @Override
    public void deleteSession(Tx tx, String id) {
        SqlTx.of(tx).update("DELETE FROM person_session WHERE hash = ?", id);
    }

    @Override
    public void signOut(Tx tx, PrincipalId person) {
        SqlTx.of(tx).update("DELETE FROM person_session WHERE person = ?", person);
        SqlTx.of(tx).update("DELETE FROM person_link WHERE person = ?", person);
        leaveClients(tx, person);
    }

    @Override
    public void signOutAll(Tx tx) {
        for (String table :
                List.of("person_session", "person_link", "client_sign_in", "authorization_code", "device_code")) {
            SqlTx.of(tx).update("DELETE FROM " + table);
        }
    }

    @Override
    public void leaveClients(Tx tx, PrincipalId person) {
        SqlOAuthStore.signOut(SqlTx.of(tx), person);
    }

    @Override
    public void deleteOver(Tx tx, Instant now, Instant createdBefore, Instant seenBefore) {
        SqlTx.of(tx).update("DELETE FROM person_link WHERE expires_at <= ?", now);
        SqlTx.of(tx)
                .update("DELETE FROM person_session WHERE created_at <= ? OR seen_at <= ?", createdBefore, seenBefore);
    }

    static Person person(Row row) throws SQLException {
        return new Person(row.principal(), new SignInName(row.text()), row.text(), row.truth(), row.time(), row.text());
    }

    private static Session session(Row row) throws SQLException {
        return new Session(
                row.text(),
                row.principal(),
                row.constant(Session.How.class),
                row.time(),
                row.time(),
                row.time(),
                row.text());
    }
}
