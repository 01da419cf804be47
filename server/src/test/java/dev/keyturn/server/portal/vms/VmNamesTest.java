package dev.keyturn.server.portal.vms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.server.portal.frame.Links;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmNamesTest {
    private static final VmNames NAMES = new VmNames("6f2a0c7e-31de-4d7b-9c55-0f6f6f0f4a11");

    @Test
    void aList_isReadAsItWasWritten_byGroup() {
        List<ArmId> ids = List.of(NAMES.one("rg-b", "x.1"), NAMES.one("Größe (1)", "y"), NAMES.one("rg-b", "z"));

        String text = VmNames.many(ids);

        assertThat(text).isEqualTo("rg-b:x.1,z;Größe (1):y");
        assertThat(NAMES.many(text)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(NAMES.many("rg:a,A,a")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "rg", "rg:", ":a", "rg:a,,b", "rg:a;", "rg/x:a", "rg:a/b"})
    void whatIsNoList_isRefused(String text) {
        assertThatExceptionOfType(DomainException.class).isThrownBy(() -> NAMES.many(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "rg/", "/a", "rg/a/b", "a"})
    void whatNamesNoVm_isRefused(String text) {
        assertThatExceptionOfType(DomainException.class).isThrownBy(() -> NAMES.one(text));
    }

    @Test
    void asManyAreShown_asAnAddressCanName() {
        List<ArmId> usual = ids("production-westeurope", "worker-", 500);
        assertThat(VmActions.shown(usual)).hasSize(200).isEqualTo(usual.subList(0, 200));

        List<ArmId> long64 = ids("ü".repeat(90), "w".repeat(61), 500);
        List<ArmId> shown = VmActions.shown(long64);
        assertThat(shown).hasSizeBetween(50, 199);
        assertThat(Links.part(VmNames.many(shown))).hasSizeLessThan(6_100);
    }

    private static List<ArmId> ids(String group, String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> NAMES.one(group, name + "%03d".formatted(i)))
                .toList();
    }

    @Test
    void aConsole_isShownAsTheTextInIt() {
        byte[] written =
                "\u001b[2J\u001b]0;root@vm\u0007\u001b[1;32mlogin:\u001b[0m  \r\nfaults\u0000\u0007: 1\tüx\n\u001b]not ended"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(VmDetails.readable(written)).isEqualTo("login:\nfaults: 1\tüx\nnot ended");
        assertThat(VmDetails.readable(new byte[] {'a', (byte) 0xff, '<', 'b'})).isEqualTo("a\ufffd<b");
    }
}
