/** What every VM host must do. */
@NullMarked
package dev.keyturn.host;

import org.jspecify.annotations.NullMarked;
