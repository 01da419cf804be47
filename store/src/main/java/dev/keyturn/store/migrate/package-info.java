/** Copies all of an installation from one kind of database to another, and tells whether it is all there (docs/migrate.md). */
@NullMarked
package dev.keyturn.store.migrate;

import org.jspecify.annotations.NullMarked;
