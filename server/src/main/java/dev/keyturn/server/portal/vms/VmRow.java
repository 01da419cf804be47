package dev.keyturn.server.portal.vms;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vm.ConfidentialVm;
import dev.keyturn.server.portal.frame.Links;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * A VM in a list.
 *
 * @param value what a form names it by
 * @param set empty where it is under the platform's key
 * @param fault why nothing is known of it now, or why its last start, stop or run did not end well
 */
public record VmRow(
        String value,
        String name,
        String group,
        String href,
        VmLook state,
        Optional<Link> set,
        String host,
        boolean ephemeral,
        Instant since,
        Optional<String> fault) {

    /** A name that leads somewhere. */
    public record Link(String name, String href) {}

    /** What elements of a page that tell of this VM begin their ids with; the same on each page. */
    public String tag() {
        return tag(value);
    }

    static String tag(ArmId id) {
        return tag(VmNames.of(id));
    }

    private static String tag(String value) {
        return "vm-" + HexFormat.of().formatHex(value.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }

    /** @param unknown why its host does not say whether it runs, where that is known */
    static VmRow of(ConfidentialVm vm, Optional<ErrorInfo> unknown) {
        return new VmRow(
                VmNames.of(vm.id()),
                vm.id().name(),
                vm.id().resourceGroup(),
                Links.vm(vm.id()),
                unknown.isPresent() ? VmLook.unknown(vm) : VmLook.of(vm),
                vm.set().map(s -> new Link(s.name(), Links.set(s))),
                vm.host(),
                vm.ephemeral(),
                vm.powerSince(),
                unknown.or(vm::fault).map(ErrorInfo::message));
    }
}
