package dev.keyturn.store;

import dev.keyturn.core.key.KeyAttributes;
import dev.keyturn.core.key.KeyVersion;
import dev.keyturn.core.key.ReleasePolicy;
import dev.keyturn.core.keycrypto.KeyOperation;
import dev.keyturn.core.keycrypto.KeySpec;
import dev.keyturn.core.keycrypto.PublicPart;
import dev.keyturn.core.vault.VaultId;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rows of key versions. In SELECTs the key is {@code k} and the version {@code w}. */
final class KeyVersionRows {
    static final String COLUMNS =
            "k.vault_id, k.name, w.version, w.sequence, w.spec, w.public_a, w.public_b, w.backend,"
                    + " w.handle, w.operations, w.enabled, w.not_before, w.expires, w.exportable, w.created_at, w.updated_at,"
                    + " w.tags, w.release_type, w.release_data, w.release_immutable";
    private static final String SELECT = "SELECT " + COLUMNS
            + " FROM vault_key k JOIN vault_key_version w ON w.key_id = k.id WHERE k.vault_id = ? AND k.name_key = ?";

    private KeyVersionRows() {}

    static void insert(SqlTx tx, KeyVersion version) {
        PublicParts parts = PublicParts.of(version.publicPart());
        KeyAttributes attributes = version.attributes();
        tx.update(
                """
                INSERT INTO vault_key_version (key_id, version, sequence, spec, public_a, public_b, backend, handle,
                    operations, enabled, not_before, expires, exportable, created_at, updated_at, tags, release_type,
                    release_data, release_immutable)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                keyNumber(tx, version),
                version.version(),
                version.sequence(),
                version.spec().text(),
                parts.a(),
                parts.b(),
                version.backend(),
                version.handle(),
                KeyOperation.text(version.operations()),
                attributes.enabled(),
                attributes.notBefore(),
                attributes.expires(),
                attributes.exportable(),
                attributes.created(),
                attributes.updated(),
                JsonColumns.ofMap(version.tags()),
                version.releasePolicy().map(ReleasePolicy::contentType),
                version.releasePolicy().map(ReleasePolicy::data),
                version.releasePolicy().map(ReleasePolicy::immutable));
    }

    static void update(SqlTx tx, KeyVersion version) {
        KeyAttributes attributes = version.attributes();
        int changed = tx.update(
                """
                UPDATE vault_key_version SET operations = ?, enabled = ?, not_before = ?, expires = ?, exportable = ?,
                    created_at = ?, updated_at = ?, tags = ?, release_type = ?, release_data = ?,
                    release_immutable = ?
                WHERE key_id = ? AND version = ?""",
                KeyOperation.text(version.operations()),
                attributes.enabled(),
                attributes.notBefore(),
                attributes.expires(),
                attributes.exportable(),
                attributes.created(),
                attributes.updated(),
                JsonColumns.ofMap(version.tags()),
                version.releasePolicy().map(ReleasePolicy::contentType),
                version.releasePolicy().map(ReleasePolicy::data),
                version.releasePolicy().map(ReleasePolicy::immutable),
                keyNumber(tx, version),
                version.version());
        if (changed != 1) {
            throw new IllegalStateException("key " + version.name() + " has no version " + version.version());
        }
    }

    static Optional<KeyVersion> find(SqlTx tx, VaultId vault, String name, String version) {
        return tx.one(
                SELECT + " AND w.version = ?", KeyVersionRows::read, vault, Heads.lower(name), Heads.lower(version));
    }

    static Optional<KeyVersion> latest(SqlTx tx, VaultId vault, String name) {
        return tx.one(SELECT + " ORDER BY w.sequence DESC LIMIT 1", KeyVersionRows::read, vault, Heads.lower(name));
    }

    static List<KeyVersion> page(SqlTx tx, VaultId vault, String name, Optional<String> after, int limit) {
        return tx.list(
                SELECT + " AND w.version > ? ORDER BY w.version LIMIT ?",
                KeyVersionRows::read,
                vault,
                Heads.lower(name),
                after.map(Heads::lower).orElse(""),
                limit);
    }

    static KeyVersion read(Row row) throws SQLException {
        VaultId vault = new VaultId(row.uuid());
        String name = row.text();
        String version = row.text();
        long sequence = row.number();
        KeySpec spec = KeySpec.parse(row.text());
        PublicPart publicPart = new PublicParts(row.optionalBytes(), row.optionalBytes()).as(spec);
        String backend = row.text();
        byte[] handle = row.bytes();
        Set<KeyOperation> operations = KeyOperation.parse(row.text());
        KeyAttributes attributes = new KeyAttributes(
                row.truth(), row.optionalTime(), row.optionalTime(), row.truth(), row.time(), row.time());
        Map<String, String> tags = JsonColumns.map(row.text());
        return new KeyVersion(
                vault,
                name,
                version,
                sequence,
                spec,
                publicPart,
                backend,
                handle,
                operations,
                attributes,
                tags,
                releasePolicy(row));
    }

    private static Optional<ReleasePolicy> releasePolicy(Row row) throws SQLException {
        Optional<String> type = row.optionalText();
        Optional<byte[]> data = row.optionalBytes();
        boolean immutable = row.truth();
        return type.map(text -> new ReleasePolicy(text, data.orElseThrow(), immutable));
    }

    private static long keyNumber(SqlTx tx, KeyVersion version) {
        return tx.one(
                        "SELECT id FROM vault_key WHERE vault_id = ? AND name_key = ?",
                        Row::number,
                        version.vault(),
                        Heads.lower(version.name()))
                .orElseThrow(() -> new IllegalStateException("there is no key " + version.name()));
    }

    /** The two columns of the public part. */
    private record PublicParts(Optional<byte[]> a, Optional<byte[]> b) {
        static PublicParts of(PublicPart part) {
            return switch (part) {
                case PublicPart.Rsa rsa -> new PublicParts(Optional.of(rsa.n()), Optional.of(rsa.e()));
                case PublicPart.Ec ec -> new PublicParts(Optional.of(ec.x()), Optional.of(ec.y()));
                case PublicPart.None none -> new PublicParts(Optional.empty(), Optional.empty());
            };
        }

        PublicPart as(KeySpec spec) {
            return switch (spec) {
                case KeySpec.Rsa rsa -> new PublicPart.Rsa(a.orElseThrow(), b.orElseThrow());
                case KeySpec.Ec ec -> new PublicPart.Ec(ec.curve(), a.orElseThrow(), b.orElseThrow());
                case KeySpec.Oct oct -> new PublicPart.None();
            };
        }
    }
}
