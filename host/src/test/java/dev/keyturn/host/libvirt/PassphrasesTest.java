package dev.keyturn.host.libvirt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.core.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PassphrasesTest {
    private static final byte[] DATA_KEY = HexFormat.of().parseHex("00".repeat(16) + "ff".repeat(16)); // test vector

    private static String text(Passphrases use) {
        try (SecretBytes key = SecretBytes.copyOf(DATA_KEY);
                SecretBytes passphrase = use.of(key)) {
            return passphrase.reveal(b -> new String(b, StandardCharsets.US_ASCII));
        }
    }

    /** RFC 5869 written out: extract without a salt, one block of expand. */
    private static String byHand(String label) throws Exception {
        byte[] pseudorandom = hmac(new byte[32], DATA_KEY);
        byte[] info = label.getBytes(StandardCharsets.US_ASCII);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return HexFormat.of().formatHex(hmac(pseudorandom, block));
    }

    private static byte[] hmac(byte[] key, byte[] message) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    @Test
    void passphrases_areHkdfOfTheDataKey_underTheirLabels() throws Exception {
        // These labels are in every image that was ever made: a changed one closes them all.
        assertThat(text(Passphrases.OS_DISK)).isEqualTo(byHand("keyturn/v1/luks/os-disk"));
        assertThat(text(Passphrases.DATA_DISK)).isEqualTo(byHand("keyturn/v1/luks/data-disk"));
        assertThat(text(Passphrases.UEFI_VARIABLES)).isEqualTo(byHand("keyturn/v1/luks/uefi-variables"));
        assertThat(text(Passphrases.VTPM_STATE)).isEqualTo(byHand("keyturn/v1/vtpm-state"));
    }

    @Test
    void passphrases_ofOneDataKey_allDiffer() {
        Set<String> all = new HashSet<>();
        for (Passphrases use : Passphrases.values()) {
            all.add(text(use));
        }
        assertThat(all).hasSize(Passphrases.values().length).allMatch(p -> p.matches("[0-9a-f]{64}"));
    }
}
