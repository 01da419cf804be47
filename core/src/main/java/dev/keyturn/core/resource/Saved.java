package dev.keyturn.core.resource;

/** A resource after a write, and whether the write made it (201) or changed it (200). */
public record Saved(Resource resource, boolean created) {}
