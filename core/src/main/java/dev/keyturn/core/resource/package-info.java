/** The head every Azure resource has (id, location, tags, ETag, document) and resource groups. */
@NullMarked
package dev.keyturn.core.resource;

import org.jspecify.annotations.NullMarked;
