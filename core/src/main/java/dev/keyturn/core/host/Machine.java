package dev.keyturn.core.host;

import java.util.UUID;

/** A VM as its host starts it. {@code name} is for people; hosts know it by {@code vmId}. */
public record Machine(UUID vmId, String name, Hardware hardware) {}
