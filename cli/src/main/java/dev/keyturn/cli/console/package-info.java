/**
 * {@code keyturn console}: what a VM's guest writes to its serial console, read through Azure's boot diagnostics. A
 * guest is not to be trusted with its reader's terminal ({@link dev.keyturn.cli.console.TerminalText}).
 */
@NullMarked
package dev.keyturn.cli.console;

import org.jspecify.annotations.NullMarked;
