/** Who may do what, and why: role assignments at any scope, groups of people, what somebody may do. */
@NullMarked
package dev.keyturn.server.portal.access;

import org.jspecify.annotations.NullMarked;
