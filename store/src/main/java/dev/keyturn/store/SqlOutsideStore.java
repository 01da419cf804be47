package dev.keyturn.store;

import dev.keyturn.core.identity.PrincipalId;
import dev.keyturn.core.outside.OutsideStore;
import dev.keyturn.core.outside.Outsider;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who people are at the provider outside that signs them in. */
final class SqlOutsideStore implements OutsideStore {
    private static final String SELECT = "SELECT issuer, subject, person, name, signed_in_at FROM person_outside";

    @Override
    public Hit insert(Tx tx, Outsider outsider) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                """
                                INSERT INTO person_outside (issuer, subject, person, name, signed_in_at)
                                VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
                                outsider.issuer(),
                                outsider.subject(),
                                outsider.person(),
                                outsider.name(),
                                outsider.signedInAt())
                == 1);
    }

    @Override
    public Optional<Outsider> find(Tx tx, String issuer, String subject) {
        return SqlTx.of(tx)
                .one(SELECT + " WHERE issuer = ? AND subject = ?", SqlOutsideStore::outsider, issuer, subject);
    }

    @Override
    public Optional<Outsider> find(Tx tx, PrincipalId person) {
        return SqlTx.of(tx).one(SELECT + " WHERE person = ?", SqlOutsideStore::outsider, person);
    }

    @Override
    public Hit signedIn(Tx tx, String issuer, String subject, Instant at) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "UPDATE person_outside SET signed_in_at = ? WHERE issuer = ? AND subject = ?",
                                at,
                                issuer,
                                subject)
                == 1);
    }

    @Override
    public List<Outsider> shutOut(Tx tx, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE person IS NULL ORDER BY name, issuer, subject LIMIT ?",
                        SqlOutsideStore::outsider,
                        limit);
    }

    @Override
    public Hit readmit(Tx tx, String issuer, String subject) {
        return Hit.of(SqlTx.of(tx)
                        .update(
                                "DELETE FROM person_outside WHERE issuer = ? AND subject = ? AND person IS NULL",
                                issuer,
                                subject)
                == 1);
    }

    private static Outsider outsider(Row row) throws SQLException {
        return new Outsider(
                row.text(), row.text(), row.optionalText().flatMap(PrincipalId::parse), row.text(), row.time());
    }
}
