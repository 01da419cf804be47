package dev.keyturn.store.engine;

/** The database was written by a newer version of this program, which is the one to open it with. */
public final class NewerSchemaException extends CannotOpenDatabaseException {
    private static final long serialVersionUID = 1L;

    NewerSchemaException(String database, long found, long known) {
        super("The database " + database + " has schema version " + found + ", this program knows versions up to "
                + known + ": start it with the newer program that wrote it.");
    }
}
