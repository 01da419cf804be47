@NullMarked
package dev.keyturn.cli;

import org.jspecify.annotations.NullMarked;
