/** What is at work, and what ended lately. */
@NullMarked
package dev.keyturn.server.portal.operations;

import org.jspecify.annotations.NullMarked;
