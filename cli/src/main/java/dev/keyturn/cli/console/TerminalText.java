package dev.keyturn.cli.console;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Makes text of what a guest wrote that does nothing to a terminal but show: escape sequences (ECMA-48: CSI, OSC and
 * their like) and all other control and format characters are left out, but newline and tab; what is not UTF-8 is shown
 * as the replacement character. Sequences and characters may be split between calls. Not thread-safe.
 */
public final class TerminalText {
    private enum At {
        TEXT,
        ESCAPE,
        CONTROL_SEQUENCE,
        /** Inside OSC, DCS, SOS, PM or APC: up to BEL or ST. */
        STRING,
        STRING_ESCAPE
    }

    private static final char ESC = '\033';
    private static final char BEL = '\007';

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private At at = At.TEXT;

    public String next(byte[] bytes) {
        ByteBuffer in = ByteBuffer.allocate(rest.remaining() + bytes.length)
                .put(rest)
                .put(bytes)
                .flip();
        CharBuffer chars = CharBuffer.allocate(in.remaining() + 1);
        decoder.decode(in, chars, false);
        rest = ByteBuffer.allocate(in.remaining()).put(in).flip();
        StringBuilder out = new StringBuilder(chars.position());
        chars.flip().codePoints().forEach(c -> take(c, out));
        return out.toString();
    }

    private void take(int c, StringBuilder out) {
        if (c == '\n') {
            at = At.TEXT; // no sequence hides what comes on later lines
            out.append('\n');
            return;
        }
        switch (at) {
            case TEXT -> text(c, out);
            case ESCAPE -> at = afterEscape(c);
            case CONTROL_SEQUENCE -> at = c == ESC ? At.ESCAPE : c >= 0x40 && c <= 0x7e ? At.TEXT : at;
            case STRING -> at = c == BEL || c == 0x9c ? At.TEXT : c == ESC ? At.STRING_ESCAPE : at;
            case STRING_ESCAPE -> at = c == '\\' ? At.TEXT : afterEscape(c);
        }
    }

    private void text(int c, StringBuilder out) {
        switch (c) {
            case ESC -> at = At.ESCAPE;
            case 0x9b -> at = At.CONTROL_SEQUENCE;
            case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> at = At.STRING;
            default -> {
                if (c == '\t' || !hidden(c)) {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    private static At afterEscape(int c) {
        return switch (c) {
            case ESC -> At.ESCAPE;
            case '[' -> At.CONTROL_SEQUENCE;
            case ']', 'P', 'X', '^', '_' -> At.STRING;
            default -> c >= 0x20 && c <= 0x2f ? At.ESCAPE : At.TEXT; // intermediate bytes go on, any other ends it
        };
    }

    /** Also those that turn the direction of text, which hide as well as an escape sequence does. */
    private static boolean hidden(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }
}
