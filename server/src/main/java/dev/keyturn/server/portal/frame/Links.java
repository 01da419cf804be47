package dev.keyturn.server.portal.frame;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.diskset.DiskEncryptionSet;
import dev.keyturn.core.model.ArmId;
import dev.keyturn.core.model.KeyId;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.core.vm.ConfidentialVm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The addresses of pages. Every part of them is encoded. */
public final class Links {
    /** Where the virtual machines are. */
    public static final String VMS = "/portal/vms";

    public static final String SETS = "/portal/sets";
    public static final String ONE = SETS + "/{group}/{name}";
    public static final String KEY = ONE + "/key";

    public static final String DISKS = "/portal/disks";
    public static final String RESOURCE_GROUPS = "/portal/resource-groups";

    public static final String OPERATIONS = "/portal/operations";
    public static final String SEARCH = "/portal/search";
    public static final String ACTIVITY = "/portal/activity";

    public static final String VAULTS = "/portal/vaults";
    public static final String HSMS = "/portal/hsms";
    /** Who may do what. */
    public static final String ACCESS = "/portal/access";
    /** Groups of people. */
    public static final String PERSON_GROUPS = "/portal/groups";

    /** Where things are made: {@code group}, {@code vault}, {@code hsm}, {@code set}, {@code vm}. */
    public static final String CREATE = "/portal/create/";

    private Links() {}

    /** Whether it can be the name of a resource group, which is one part of an address. */
    public static boolean isSegment(String text) {
        return !text.isEmpty() && text.indexOf('/') < 0;
    }

    /** Said above a list of the subscription, to whom it does not show everything. */
    public static String partly(String what) {
        return "You may not list the " + what
                + " of the whole subscription: here are those that you may read. Reader at the"
                + " subscription shows all.";
    }

    /** What is told of a group that no address can have. */
    public static String noGroup(String name) {
        return "There is no resource group '" + name + "': a name has no slash in it.";
    }

    /** Where something is made. */
    public static String create(String what) {
        return CREATE + what;
    }

    /** Where the vaults, or the managed HSMs, are. */
    public static String vaults(VaultKind kind) {
        return switch (kind) {
            case VAULT -> VAULTS;
            case MANAGED_HSM -> HSMS;
        };
    }

    /** The page of a vault or managed HSM. */
    public static String vault(VaultKind kind, String name) {
        return vaults(kind) + "/" + part(name.toLowerCase(Locale.ROOT));
    }

    /** The page of a key. */
    public static String vaultKey(VaultKind kind, String vault, String key) {
        return vault(kind, vault) + "/keys/" + part(key);
    }

    /** The page of the key that a version is of; its host says in what kind of vault it is. */
    public static String vaultKey(KeyId key) {
        VaultKind kind = key.host()
                        .startsWith(
                                VaultKind.MANAGED_HSM.label() + ".", key.vault().length() + 1)
                ? VaultKind.MANAGED_HSM
                : VaultKind.VAULT;
        return vaultKey(kind, key.vault(), key.name());
    }

    /** Those whose names contain {@code name}, of a group or, where that is empty, of all. */
    public static String sets(String name, String group) {
        return SETS + "?name=" + part(name) + "&group=" + part(group);
    }

    public static String set(ArmId set) {
        return SETS + "/" + part(set.resourceGroup()) + "/" + part(set.name());
    }

    /** Where the key of a set is changed. */
    public static String key(ArmId set) {
        return set(set) + "/key";
    }

    /** As {@link #key(ArmId)}, with a key version chosen. */
    public static String key(ArmId set, KeyId key) {
        return key(set) + "?key=" + part(key.url());
    }

    /** The page of a VM. */
    public static String vm(ArmId vm) {
        return Links.VMS + "/" + part(vm.resourceGroup()) + "/" + part(vm.name());
    }

    /** The page of a disk. */
    public static String disk(ArmId disk) {
        return DISKS + "/" + part(disk.resourceGroup()) + "/" + part(disk.name());
    }

    /** The page of a resource group. */
    public static String resourceGroup(String name) {
        return RESOURCE_GROUPS + "/" + part(name);
    }

    /** The page of a resource by its type; empty where its type has none. */
    public static String resource(ArmId id) {
        if (id.hasType(ConfidentialVm.TYPE)) {
            return vm(id);
        }
        if (id.hasType(Disk.TYPE)) {
            return disk(id);
        }
        if (id.hasType(DiskEncryptionSet.TYPE)) {
            return set(id);
        }
        return Arrays.stream(VaultKind.values())
                .filter(kind -> id.hasType(kind.type()))
                .map(kind -> vault(kind, id.name()))
                .findFirst()
                .orElse("");
    }

    /** Who may do what at a scope. */
    public static String access(String scope) {
        return ACCESS + "?scope=" + part(scope);
    }

    /** What somebody, by object id or name, may do at a scope. */
    public static String mayWhat(String who, String scope) {
        return ACCESS + "/check?who=" + part(who) + "&scope=" + part(scope);
    }

    /** The page of a group of people. */
    public static String personGroup(String name) {
        return PERSON_GROUPS + "/" + part(name);
    }

    /** What was done to a resource. */
    public static String activity(ArmId resource) {
        return ACTIVITY + "?resource=" + part(resource.toString());
    }

    /** A text as one segment of a path, or one value of a query. */
    public static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
