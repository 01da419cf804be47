package dev.keyturn.server.database;

import dev.keyturn.keys.MasterKey;
import java.util.UUID;

/** What all of an installation rests on: its master key, and what tells it from every other. */
public record Root(MasterKey master, UUID installation) {}
