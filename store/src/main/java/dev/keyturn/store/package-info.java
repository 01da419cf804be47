/**
 * The store ports of the core on SQL. {@link SqliteDatabase} runs the transactions of the embedded database, {@link
 * SqlStores} makes the stores; the SQL of a store is the same for every database.
 */
@NullMarked
package dev.keyturn.store;

import org.jspecify.annotations.NullMarked;
