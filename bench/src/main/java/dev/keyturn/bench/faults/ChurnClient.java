package dev.keyturn.bench.faults;

import dev.keyturn.bench.Bodies;
import dev.keyturn.bench.faults.Asker.OverException;
import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.Api;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a VM in one of the sets, gives it disks and takes them away, stopped and running, starts it, stops it, deletes it;
 * and begins anew.
 */
final class ChurnClient implements Runnable {
    private final Asker asker;
    private final Random random;
    private final String prefix;
    /** The call to the host that its first steps lead to; empty where anything will do. */
    private final String toward;

    private int number;
    private String vm = "";
    private String set = "";
    private String power = "";
    private String data = "";

    ChurnClient(Asker asker, Random random, String prefix, String toward) {
        this.asker = asker;
        this.random = random;
        this.prefix = prefix;
        this.toward = toward;
    }

    @Override
    public void run() {
        try {
            create();
            switch (toward) {
                case "stop", "attach" -> stop();
                case "delete", "forget" -> delete();
                default -> {}
            }
            if (toward.equals("attach") || toward.equals("plug") || toward.equals("unplug")) {
                attach();
            }
            if (toward.equals("unplug")) {
                detach();
            }
            while (true) {
                step();
            }
        } catch (OverException e) {
            // the round is over
        }
    }

    private void step() {
        if (vm.isEmpty()) {
            create();
            return;
        }
        switch (random.nextInt(8)) {
            case 0, 1 -> attach();
            case 2 -> detach();
            case 3 -> delete();
            case 4 -> {
                if (power.equals("running")) {
                    stop();
                } else {
                    act("start");
                }
            }
            default -> stop();
        }
    }

    private void create() {
        vm = prefix + number++;
        set = random.nextInt(3) == 0 ? TrialFleet.SETS.get(random.nextInt(TrialFleet.SETS.size())) : "set-d";
        data = "";
        asker.initially(disksOf(), "0");
        String end = asker.toEnd(
                TrialFleet.vm(vm), "running", "creation of " + vm + " in " + set, false, api -> put(api, false, false));
        power = end.equals("Succeeded") ? "running" : asker.power(TrialFleet.vm(vm));
        if (power.isEmpty()) {
            vm = "";
        } else if (random.nextInt(4) > 0 && toward.isEmpty()) {
            stop(); // so that rotations get a chance
        }
    }

    private void attach() {
        if (vm.isEmpty() || !data.isEmpty()) {
            return;
        }
        boolean fresh = random.nextBoolean();
        data = vm + "-d" + number++;
        if (!fresh) {
            String disk = data;
            asker.toEnd(
                    TrialFleet.disk(disk),
                    "present",
                    "creation of " + disk,
                    false,
                    api -> api.arm("PUT", TrialFleet.disk(disk), Bodies.VMS, disk(api)));
        }
        String end = asker.toEnd(
                disksOf(), "1", "a disk for " + vm + ", which is " + power, false, api -> put(api, true, !fresh));
        if (!end.equals("Succeeded")) {
            data = "";
        }
    }

    private void detach() {
        if (vm.isEmpty() || data.isEmpty()) {
            return;
        }
        String end = asker.toEnd(
                disksOf(), "0", "no disk for " + vm + ", which is " + power, false, api -> put(api, false, false));
        if (end.equals("Succeeded")) {
            String gone = data;
            data = "";
            asker.toEnd(
                    TrialFleet.disk(gone),
                    Journal.ABSENT,
                    "deletion of " + gone,
                    false,
                    api -> api.arm("DELETE", TrialFleet.disk(gone), Bodies.VMS, Optional.empty()));
        }
    }

    private void delete() {
        if (vm.isEmpty()) {
            return;
        }
        String path = TrialFleet.vm(vm);
        String end = asker.toEnd(
                path,
                Journal.ABSENT,
                "deletion of " + vm,
                false,
                api -> api.arm("DELETE", path, Bodies.VMS, Optional.empty()));
        if (end.equals("Succeeded")) {
            vm = "";
        } else {
            power = asker.power(path);
        }
    }

    private void stop() {
        if (power.equals("running")) {
            act(random.nextBoolean() ? "deallocate" : "powerOff");
        }
    }

    private void act(String action) {
        String path = TrialFleet.vm(vm);
        String effect = SetClient.effectOf(action);
        String end = asker.toEnd(
                path,
                effect,
                action + " of " + vm,
                false,
                api -> api.arm("POST", path + "/" + action, Bodies.VMS, Optional.empty()));
        power = end.equals("Succeeded") ? effect : asker.power(path);
    }

    private String disksOf() {
        return TrialFleet.vm(vm) + AfterRound.DISKS;
    }

    private Answer put(Api api, boolean withData, boolean existing) {
        String setId = TrialFleet.id(api, TrialFleet.set(set));
        ObjectNode body = Bodies.vm(vm, setId).orElseThrow();
        ArrayNode disks =
                body.withObject("properties").withObject("storageProfile").putArray("dataDisks");
        if (withData) {
            ObjectNode disk = disks.addObject().put("lun", 0);
            if (existing) {
                disk.put("createOption", "Attach");
                disk.putObject("managedDisk").put("id", TrialFleet.id(api, TrialFleet.disk(data)));
            } else {
                disk.put("createOption", "Empty").put("name", data).put("diskSizeGB", 8);
                disk.putObject("managedDisk").putObject("diskEncryptionSet").put("id", setId);
            }
        }
        return api.arm("PUT", TrialFleet.vm(vm), Bodies.VMS, Optional.of(body));
    }

    private Optional<ObjectNode> disk(Api api) {
        return Bodies.json("""
                {"location":"westeurope","properties":{"creationData":{"createOption":"Empty"},"diskSizeGB":8,
                "securityProfile":{"securityType":"ConfidentialVM_DiskEncryptedWithCustomerKey",
                "secureVMDiskEncryptionSetId":"%s"}}}""".formatted(TrialFleet.id(api, TrialFleet.set(set))));
    }
}
