package dev.keyturn.server.keyvault;

import java.util.Base64;

/** Small matters of text. */
final class Text {
    private static final int LONGEST = 40;

    private Text() {}

    /** What a client sent, short enough to repeat in a message. */
    static String clip(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
