package dev.keyturn.core.access;

import dev.keyturn.core.identity.HolderKind;
import dev.keyturn.core.identity.PrincipalId;

/**
 * Somebody that can hold roles, as people tell them apart. {@code name}: what a person signs in as, a group's name, a
 * program's display name. {@code detail}: a person's display name, a group's description, of a program the id that it
 * signs in with, of a resource's identity the resource. Immutable.
 */
public record Holder(PrincipalId id, HolderKind kind, String name, String detail) {}
