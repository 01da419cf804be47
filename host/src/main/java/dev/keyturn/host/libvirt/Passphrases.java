package dev.keyturn.host.libvirt;

import dev.keyturn.core.model.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * What an artifact's data key is used for on a host, each under a key of its own (HKDF-SHA256, RFC 5869, one label per
 * use). A passphrase is the 64 lower-case hexadecimal digits of a 256-bit key, because QEMU wants text.
 */
enum Passphrases {
    OS_DISK("keyturn/v1/luks/os-disk"),
    DATA_DISK("keyturn/v1/luks/data-disk"),
    UEFI_VARIABLES("keyturn/v1/luks/uefi-variables"),
    VTPM_STATE("keyturn/v1/vtpm-state");

    private static final int BYTES = 32;

    private final String label;

    Passphrases(String label) {
        this.label = label;
    }

    SecretBytes of(SecretBytes dataKey) {
        return derive(dataKey.asKey("HKDF"));
    }

    private SecretBytes derive(SecretKey dataKey) {
        byte[] derived = {};
        try {
            derived = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(dataKey)
                            .thenExpand(label.getBytes(StandardCharsets.US_ASCII), BYTES));
            byte[] text = new byte[2 * BYTES];
            for (int i = 0; i < BYTES; i++) {
                text[2 * i] = (byte) HexFormat.of().toHighHexDigit(derived[i]);
                text[2 * i + 1] = (byte) HexFormat.of().toLowHexDigit(derived[i]);
            }
            return SecretBytes.adopt(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", e);
        } finally {
            Arrays.fill(derived, (byte) 0);
        }
    }
}
