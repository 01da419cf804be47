package dev.keyturn.server.portal;

import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The addresses of pages. Every part of them is encoded. */
final class Links {
    static final String ALL = "/portal/sets";
    static final String ONE = ALL + "/{group}/{name}";
    static final String KEY = ONE + "/key";

    private Links() {}

    /** Those whose names contain {@code name}, of a group or, where that is empty, of all. */
    static String all(String name, String group) {
        return ALL + "?name=" + part(name) + "&group=" + part(group);
    }

    static String set(ArmId set) {
        return ALL + "/" + part(set.resourceGroup()) + "/" + part(set.name());
    }

    /** Where the key of a set is changed. */
    static String key(ArmId set) {
        return set(set) + "/key";
    }

    /** As {@link #key(ArmId)}, with a key version chosen. */
    static String key(ArmId set, KeyId key) {
        return key(set) + "?key=" + part(key.url());
    }

    /** The page of a VM. */
    static String vm(ArmId vm) {
        return VmPages.HERE + "/" + part(vm.resourceGroup()) + "/" + part(vm.name());
    }

    /** A text as one segment of a path, or one value of a query. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
