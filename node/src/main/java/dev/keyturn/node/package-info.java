/** One Keyturn without HTTP: every service over one database, and what works by itself. */
@org.jspecify.annotations.NullMarked
package dev.keyturn.node;
