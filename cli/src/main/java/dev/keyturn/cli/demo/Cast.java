package dev.keyturn.cli.demo;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What the resources of one run of the demo are called; the suffix keeps runs on one server apart. */
record Cast(String subscription, String suffix, int count) {
    static final String REGION = "westeurope";
    static final String KEY = "fleet-key";
    static final String SET = "fleet-set";

    static Cast of(String subscription, int count, RandomGenerator random) {
        return new Cast(subscription, String.format(Locale.ROOT, "%05x", random.nextInt(1 << 20)), count);
    }

    String group() {
        return "keyturn-demo-" + suffix;
    }

    String vault() {
        return "kt-demo-" + suffix;
    }

    List<String> vms() {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> String.format(Locale.ROOT, "cvm-%02d", i))
                .toList();
    }

    static String osDisk(String vm) {
        return vm + "-os";
    }

    static String dataDisk(String vm) {
        return vm + "-data";
    }

    /** Below the subscription. */
    String groupPath() {
        return "/resourceGroups/" + group();
    }

    String vaultPath() {
        return groupPath() + "/providers/Microsoft.KeyVault/vaults/" + vault();
    }

    String setPath() {
        return groupPath() + "/providers/Microsoft.Compute/diskEncryptionSets/" + SET;
    }

    String vmPath(String vm) {
        return groupPath() + "/providers/Microsoft.Compute/virtualMachines/" + vm;
    }

    String diskPath(String disk) {
        return groupPath() + "/providers/Microsoft.Compute/disks/" + disk;
    }

    String id(String path) {
        return "/subscriptions/" + subscription + path;
    }
}
