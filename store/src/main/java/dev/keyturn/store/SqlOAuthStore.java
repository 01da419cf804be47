package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.oauth.Asked;
import dev.keyturn.core.oauth.AuthorizationCode;
import dev.keyturn.core.oauth.ClientSignIn;
import dev.keyturn.core.oauth.DeviceCode;
import dev.keyturn.core.oauth.OAuthStore;
import dev.keyturn.core.oauth.PublicClient;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Clients that people sign in with, and the codes that lead there. */
final class SqlOAuthStore implements OAuthStore {
    private static final String DEVICE_CODES = """
            SELECT hash, user_code, client, audience, scope, address, created_at, expires_at, state, person,
                authenticated_at
            FROM device_code""";
    private static final String CODES = """
            SELECT hash, person, client, audience, scope, redirect, challenge, nonce, authenticated_at, expires_at, sign_in
            FROM authorization_code""";
    private static final String SIGN_INS = """
            SELECT id, person, client, token, token_before, salt, authenticated_at, created_at, renewed_at, address
            FROM client_sign_in""";

    /** All of the person. */
    static void signOut(SqlTx tx, PrincipalId person) {
        tx.update("DELETE FROM device_code WHERE person = ?", person);
        tx.update("DELETE FROM authorization_code WHERE person = ?", person);
        tx.update("DELETE FROM client_sign_in WHERE person = ?", person);
    }

    @Override
    public Hit insert(Tx tx, DeviceCode code) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO device_code (hash, user_code, client, audience, scope, address, created_at,
                                    expires_at, state, person, authenticated_at)
                                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                code.id(),
                                code.userCode(),
                                code.asked().client().id(),
                                code.asked().audience(),
                                code.asked().scope(),
                                code.address(),
                                code.createdAt(),
                                code.expiresAt(),
                                code.state(),
                                code.allowed().map(DeviceCode.Allowed::person),
                                code.allowed().map(DeviceCode.Allowed::authenticatedAt))
                == 1);
    }

    @Override
    public Optional<DeviceCode> deviceCode(Tx tx, String id) {
        return SqlTx.of(tx).one(DEVICE_CODES + " WHERE hash = ?", SqlOAuthStore::deviceCode, id);
    }

    @Override
    public Optional<DeviceCode> byUserCode(Tx tx, String userCode) {
        return SqlTx.of(tx).one(DEVICE_CODES + " WHERE user_code = ?", SqlOAuthStore::deviceCode, userCode);
    }

    @Override
    public long open(Tx tx, Instant now) {
        return SqlTx.of(tx).number("SELECT count(*) FROM device_code WHERE expires_at > ?", now);
    }

    @Override
    public long open(Tx tx, Instant now, String address) {
        return SqlTx.of(tx)
                .number("SELECT count(*) FROM device_code WHERE address = ? AND expires_at > ?", address, now);
    }

    @Override
    public Hit decide(Tx tx, String id, DeviceCode.State state, Optional<DeviceCode.Allowed> by, Instant now) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                UPDATE device_code SET state = ?, person = ?, authenticated_at = ?
                                WHERE hash = ? AND state = ? AND expires_at > ?""",
                                state,
                                by.map(DeviceCode.Allowed::person),
                                by.map(DeviceCode.Allowed::authenticatedAt),
                                id,
                                DeviceCode.State.WAITING,
                                now)
                == 1);
    }

    @Override
    public Hit deleteDeviceCode(Tx tx, String id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM device_code WHERE hash = ?", id) == 1);
    }

    @Override
    public void insert(Tx tx, AuthorizationCode code) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO authorization_code (hash, person, client, audience, scope, redirect, challenge,
                            nonce, authenticated_at, expires_at, sign_in)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        code.id(),
                        code.person(),
                        code.asked().client().id(),
                        code.asked().audience(),
                        code.asked().scope(),
                        code.redirect(),
                        code.challenge(),
                        code.nonce(),
                        code.authenticatedAt(),
                        code.expiresAt(),
                        code.signIn());
    }

    @Override
    public Optional<AuthorizationCode> authorizationCode(Tx tx, String id) {
        return SqlTx.of(tx).one(CODES + " WHERE hash = ?", SqlOAuthStore::code, id);
    }

    @Override
    public Hit spend(Tx tx, String id, String signIn) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "UPDATE authorization_code SET sign_in = ? WHERE hash = ? AND sign_in IS NULL",
                                signIn,
                                id)
                == 1);
    }

    @Override
    public void insert(Tx tx, ClientSignIn signIn) {
        SqlTx.of(tx)
                .update(
                        """
                        INSERT INTO client_sign_in (id, person, client, token, token_before, salt, authenticated_at,
                            created_at, renewed_at, address)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                        signIn.id(),
                        signIn.person(),
                        signIn.client().id(),
                        signIn.token(),
                        signIn.before(),
                        signIn.salt(),
                        signIn.authenticatedAt(),
                        signIn.createdAt(),
                        signIn.renewedAt(),
                        signIn.address());
    }

    @Override
    public Optional<ClientSignIn> signIn(Tx tx, String id) {
        return SqlTx.of(tx).one(SIGN_INS + " WHERE id = ?", SqlOAuthStore::signIn, id);
    }

    @Override
    public List<ClientSignIn> signIns(Tx tx, PrincipalId person) {
        return SqlTx.of(tx)
                .list(SIGN_INS + " WHERE person = ? ORDER BY created_at DESC, id", SqlOAuthStore::signIn, person);
    }

    @Override
    public Hit renew(Tx tx, String id, String fresh, String salt, Instant at) {
        return Hit.of(SqlTx.of(tx).update("""
                                UPDATE client_sign_in SET token_before = token, token = ?, salt = ?, renewed_at = ?
                                WHERE id = ?""", fresh, salt, at, id) == 1);
    }

    @Override
    public void keepNewest(Tx tx, PrincipalId person, int most) {
        SqlTx.of(tx).update("""
                        DELETE FROM client_sign_in WHERE person = ? AND id NOT IN
                            (SELECT id FROM client_sign_in WHERE person = ? ORDER BY created_at DESC, id LIMIT ?)""", person, person, most);
    }

    @Override
    public Hit deleteSignIn(Tx tx, String id) {
        return Hit.of(SqlTx.of(tx).update("DELETE FROM client_sign_in WHERE id = ?", id) == 1);
    }

    @Override
    public void deleteOver(Tx tx, Instant now, Instant createdBefore, Instant renewedBefore) {
        SqlTx.of(tx).update("DELETE FROM device_code WHERE expires_at <= ?", now);
        SqlTx.of(tx).update("DELETE FROM authorization_code WHERE expires_at <= ?", now);
        SqlTx.of(tx)
                .update(
                        "DELETE FROM client_sign_in WHERE created_at <= ? OR renewed_at <= ?",
                        createdBefore,
                        renewedBefore);
    }

    private static DeviceCode deviceCode(Row row) throws SQLException {
        return new DeviceCode(
                row.text(),
                row.text(),
                asked(row),
                row.text(),
                row.time(),
                row.time(),
                row.constant(DeviceCode.State.class),
                allowed(row.optionalText().flatMap(PrincipalId::parse), row.optionalTime()));
    }

    private static Optional<DeviceCode.Allowed> allowed(Optional<PrincipalId> person, Optional<Instant> at) {
        return person.flatMap(p -> at.map(a -> new DeviceCode.Allowed(p, a)));
    }

    private static AuthorizationCode code(Row row) throws SQLException {
        return new AuthorizationCode(
                row.text(),
                row.principal(),
                asked(row),
                row.text(),
                row.text(),
                row.optionalText(),
                row.time(),
                row.time(),
                row.optionalText());
    }

    private static ClientSignIn signIn(Row row) throws SQLException {
        return new ClientSignIn(
                row.text(),
                row.principal(),
                client(row),
                row.text(),
                row.optionalText(),
                row.optionalText(),
                row.time(),
                row.time(),
                row.time(),
                row.text());
    }

    private static Asked asked(Row row) throws SQLException {
        return new Asked(client(row), row.text(), row.text());
    }

    private static PublicClient client(Row row) throws SQLException {
        String id = row.text();
        return PublicClient.find(id).orElseGet(() -> new PublicClient(id, id));
    }
}
