package dev.keyturn.keys.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class Argon2PasswordsTest {
    private final Argon2Passwords passwords = new Argon2Passwords(new SecureRandom());

    @Test
    void aPassword_matchesItsHash_andNoOther() {
        String hash = passwords.hash("correct horse battery");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain("horse");
        assertThat(passwords.matches(hash, "correct horse battery")).isTrue();
        assertThat(passwords.matches(hash, "correct horse batterz")).isFalse();
        assertThat(passwords.hash("correct horse battery")).isNotEqualTo(hash);
    }

    /** Made by the reference implementation (Debian's argon2): {@code argon2 somesalt -t 2 -k 64 -p 1 -id -l 24 -e}. */
    @Test
    void aHashOfOtherParameters_stillMatches() {
        String reference = "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$Bo1ismRVk2qm6+YAYLCmWHDb+j3fjUH3";
        assertThat(passwords.matches(reference, "password")).isTrue();
        assertThat(passwords.matches(reference, "Password")).isFalse();
    }

    @Test
    void whatIsNoHash_matchesNothing() {
        for (String text : new String[] {
            "",
            "password",
            "$argon2id$v=19$m=999999,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAAAA"
        }) {
            assertThat(passwords.matches(text, "password")).as(text).isFalse();
        }
    }
}
