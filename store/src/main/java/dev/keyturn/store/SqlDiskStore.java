package dev.keyturn.store;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskFilter;
import dev.keyturn.core.disk.DiskStore;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.identity.Reaches.Reach;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.tx.Hit;
import dev.keyturn.core.tx.Tx;
import dev.keyturn.store.engine.Row;
import dev.keyturn.store.engine.SqlTx;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Disks. One that has an artifact cannot be deleted. */
final class SqlDiskStore implements DiskStore {
    private static final String SELECT = "SELECT " + Heads.COLUMNS
            + ", d.disk_uuid, d.os, d.size_gb, s.display, d.host, v.display, d.lun, d.delete_with_vm, d.image_file, d.image_format"
            + " FROM resource r JOIN disk d ON d.id = r.id LEFT JOIN resource s ON s.id = d.set_id"
            + " LEFT JOIN resource v ON v.id = d.vm_id";

    /** What is before the name in the key of a disk; no group has it in its name. */
    private static final String BEFORE_NAME = "/" + Heads.lower(Disk.TYPE) + "/";

    @Override
    public Hit insert(Tx tx, Disk disk) {
        SqlTx sql = SqlTx.of(tx);
        Optional<Long> id = Heads.insert(sql, disk.head());
        id.ifPresent(number -> sql.update(
                """
                INSERT INTO disk
                    (id, arm_key, disk_uuid, os, size_gb, set_id, host, vm_id, lun, delete_with_vm,
                     image_file, image_format)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                number,
                disk.id(),
                disk.uniqueId(),
                disk.os(),
                disk.sizeGb(),
                Heads.number(sql, disk.set()),
                disk.host(),
                Heads.number(sql, disk.vm()),
                disk.lun(),
                disk.deleteWithVm(),
                disk.source().map(ImageFile::name),
                disk.source().map(f -> f.format().name())));
        return Hit.of(id.isPresent());
    }

    @Override
    public Optional<Disk> find(Tx tx, ArmId id) {
        return SqlTx.of(tx).one(SELECT + " WHERE r.arm_key = ?", SqlDiskStore::read, id);
    }

    @Override
    public Hit update(Tx tx, Disk disk) {
        SqlTx sql = SqlTx.of(tx);
        if (!Heads.update(sql, disk.head())) {
            return Hit.of(false);
        }
        return Hit.of(sql.update(
                        """
                        UPDATE disk SET os = ?, size_gb = ?, set_id = ?, host = ?, vm_id = ?, lun = ?,
                            delete_with_vm = ?
                        WHERE id = ?""",
                        disk.os(),
                        disk.sizeGb(),
                        Heads.number(sql, disk.set()),
                        disk.host(),
                        Heads.number(sql, disk.vm()),
                        disk.lun(),
                        disk.deleteWithVm(),
                        Heads.number(sql, disk.id()))
                == 1);
    }

    @Override
    public Hit delete(Tx tx, ArmId id) {
        return Hit.of(Heads.deleteForGood(SqlTx.of(tx), id));
    }

    @Override
    public List<Disk> page(Tx tx, String subscription, Reach reach, Optional<String> after, int limit) {
        return Heads.pages(SELECT, SqlDiskStore::read, Disk.TYPE).page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    @Override
    public List<Disk> find(
            Tx tx, String subscription, Reach reach, DiskFilter filter, Optional<String> after, int limit) {
        return new ReachPages<>(
                        SELECT,
                        SqlDiskStore::read,
                        "resource r JOIN disk d ON d.id = r.id",
                        "r.type = ? AND instr(substr(r.arm_key, instr(r.arm_key, ?) + ?), ?) > 0"
                                + (filter.free() ? " AND d.vm_id IS NULL" : ""),
                        List.of(Heads.lower(Disk.TYPE), BEFORE_NAME, BEFORE_NAME.length(), filter.text()))
                .page(SqlTx.of(tx), subscription, reach, after, limit);
    }

    @Override
    public List<Disk> ofVm(Tx tx, ArmId vm) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE d.vm_id = (SELECT id FROM resource WHERE arm_key = ?)"
                                + " ORDER BY d.os DESC, d.lun, d.arm_key",
                        SqlDiskStore::read,
                        vm);
    }

    @Override
    public List<Disk> ofSet(Tx tx, ArmId set, Optional<String> after, int limit) {
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE d.set_id = (SELECT id FROM resource WHERE arm_key = ?) AND d.arm_key > ?"
                                + " ORDER BY d.arm_key LIMIT ?",
                        SqlDiskStore::read,
                        set,
                        after.orElse(""),
                        limit);
    }

    @Override
    public long count(Tx tx, ArmId set) {
        return SqlTx.of(tx)
                .number("SELECT count(*) FROM disk WHERE set_id = (SELECT id FROM resource WHERE arm_key = ?)", set);
    }

    @Override
    public List<Disk> busy(Tx tx, ArmId set) {
        // By the few busy heads, not by the set's many disks.
        return SqlTx.of(tx)
                .list(
                        SELECT + " WHERE r.type = ? AND r.state IN ('CREATING', 'UPDATING', 'DELETING')"
                                + " AND d.vm_id IS NULL AND d.set_id = (SELECT id FROM resource WHERE arm_key = ?)"
                                + " ORDER BY d.arm_key",
                        SqlDiskStore::read,
                        Heads.lower(Disk.TYPE),
                        set);
    }

    private static Disk read(Row row) throws SQLException {
        return new Disk(
                Heads.read(row),
                row.uuid(),
                row.truth(),
                row.integer(),
                row.optionalArmId(),
                row.text(),
                row.optionalArmId(),
                row.optionalInteger(),
                row.truth(),
                source(row.optionalText(), row.optionalText()));
    }

    private static Optional<ImageFile> source(Optional<String> name, Optional<String> format) {
        return name.map(n -> new ImageFile(n, ImageFile.Format.valueOf(format.orElseThrow())));
    }
}
