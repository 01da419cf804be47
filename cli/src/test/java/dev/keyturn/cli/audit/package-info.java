@NullMarked
package dev.keyturn.cli.audit;

import org.jspecify.annotations.NullMarked;
