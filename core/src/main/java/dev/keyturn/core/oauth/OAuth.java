package dev.keyturn.core.oauth;

/** The ways in which people sign in to clients, and what comes of them. Thread-safe. */
public record OAuth(ClientSignIns signIns, DeviceSignIn devices, CodeSignIn codes) {}
