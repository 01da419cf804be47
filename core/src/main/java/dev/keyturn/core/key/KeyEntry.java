package dev.keyturn.core.key;

/** A key and its latest version: what a list of keys shows. */
public record KeyEntry(Key key, KeyVersion latest) {}
