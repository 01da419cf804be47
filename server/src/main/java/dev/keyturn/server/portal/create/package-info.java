/**
 * Forms that make resources. Each writes the body that a client of Azure Resource Manager or Key Vault would send, and what
 * answers that client answers the form: so the rules, and the words of a refusal, are the same.
 */
@NullMarked
package dev.keyturn.server.portal.create;

import org.jspecify.annotations.NullMarked;
