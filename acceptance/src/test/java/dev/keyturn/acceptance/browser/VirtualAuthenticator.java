package dev.keyturn.acceptance.browser;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.CDPSession;

/**
 * The authenticator of a device, as Chromium has one for tests (the domain WebAuthn of the DevTools protocol): it keeps
 * passkeys for its tab, and its person is there, and shows to be the person or not.
 */
final class VirtualAuthenticator {
    private static final String DEVICE = """
            {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
             "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true}}""";

    private final CDPSession devices;
    private final String id;

    private VirtualAuthenticator(CDPSession devices, String id) {
        this.devices = devices;
        this.id = id;
    }

    /** The only one that the tab has. */
    static VirtualAuthenticator in(Visit visit) {
        CDPSession devices = visit.context().newCDPSession(visit.page());
        devices.send("WebAuthn.enable");
        JsonObject made = devices.send(
                "WebAuthn.addVirtualAuthenticator",
                JsonParser.parseString(DEVICE).getAsJsonObject());
        return new VirtualAuthenticator(devices, made.get("authenticatorId").getAsString());
    }

    /** Takes it away, so that the tab can have another. */
    void remove() {
        devices.send("WebAuthn.disable");
        devices.detach();
    }

    /** Whether PIN, finger or face are right from now on. */
    void verifies(boolean right) {
        JsonObject how = new JsonObject();
        how.addProperty("authenticatorId", id);
        how.addProperty("isUserVerified", right);
        devices.send("WebAuthn.setUserVerified", how);
    }
}
