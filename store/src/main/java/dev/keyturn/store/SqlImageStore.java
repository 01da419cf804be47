package dev.keyturn.store;

import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.image.Image;
import dev.keyturn.core.image.ImageStore;
import dev.keyturn.core.image.OsType;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Managed images. */
final class SqlImageStore implements ImageStore {
    private static final String SELECT = "SELECT " + Heads.COLUMNS
            + ", i.image_file, i.image_format, i.os_type, i.size_gb FROM resource r JOIN image i ON i.id = r.id";

    @Override
    public Hit insert(Tx tx, Image image) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = Heads.insert(sql, image.head());
        id.ifPresent(number -> sql.update(
                "INSERT INTO image (id, image_file, image_format, os_type, size_gb) VALUES (?, ?, ?, ?, ?)",
                number,
                image.file().name(),
                image.file().format().name(),
                image.osType().name(),
                image.sizeGb()));
        return Hit.of(id.isPresent());
    }

    @Override
    public Optional<Image> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", SqlImageStore::read, id);
    }

    @Override
    public Hit update(Tx tx, Image image) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, image.head())) {
            return Hit.of(false);
        }
        return Hit.of(sql.update(
                        "UPDATE image SET image_file = ?, image_format = ?, os_type = ?, size_gb = ? WHERE id = ?",
                        image.file().name(),
                        image.file().format().name(),
                        image.osType().name(),
                        image.sizeGb(),
                        Heads.number(sql, image.id()))
                == 1);
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        return Hit.of(Heads.deleteForGood(SqlTx.of(tx), id));
    }

    @Override
    public List<Image> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        return Heads.pages(SELECT, SqlImageStore::read, Image.TYPE)
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    private static Image read(Row row) throws SQLException {
        return new Image(
                Heads.read(row),
                new ImageFile(row.text(), row.constant(ImageFile.Format.class)),
                row.constant(OsType.class),
                row.integer());
    }
}
