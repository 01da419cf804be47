@NullMarked
package dev.keyturn.cli.demo;

import org.jspecify.annotations.NullMarked;
