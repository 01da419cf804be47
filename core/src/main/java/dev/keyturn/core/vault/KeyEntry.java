package dev.keyturn.core.vault;

/** A key and its latest version: what a list of keys shows. */
public record KeyEntry(Key key, KeyVersion latest) {}
