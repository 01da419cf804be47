package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.StoryFailedException.unless;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** All VMs of the demo at once. */
record Fleet(Estate estate, List<String> vms) {
    Fleet {
        vms = List.copyOf(vms);
    }

    void each(IntConsumer percent, List<String> some, Consumer<String> act) {
        for (int i = 0; i < some.size(); i++) {
            percent.accept(100 * i / some.size());
            act.accept(some.get(i));
        }
    }

    void each(IntConsumer percent, Consumer<String> act) {
        each(percent, vms, act);
    }

    /** @throws StoryFailedException where one is not, by the server's word */
    void mustBe(String power) {
        for (String vm : vms) {
            String now = estate.power(vm);
            unless(now.equals(power), vm + " should be " + power + ", and is " + now);
        }
    }

    Map<String, List<Estate.Artifact>> artifacts() {
        Map<String, List<Estate.Artifact>> all = new LinkedHashMap<>();
        vms.forEach(vm -> all.put(vm, estate.artifacts(vm)));
        return all;
    }
}
