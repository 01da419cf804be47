/** What stands between the stores and an embedded database: transactions, statements, its files and their damage. */
@NullMarked
package dev.keyturn.store.engine;

import org.jspecify.annotations.NullMarked;
