@NullMarked
package dev.keyturn.cli.console;

import org.jspecify.annotations.NullMarked;
