package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.Scenes.told;
import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.demo.Narrator.Told;
import dev.keyturn.json.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The main job on the simulated host, in six chapters; what goes wrong there is a fault set on that host. */
final class SimulatedStory {
    private static final String FAULT = "demo-os-disk";

    private final Estate estate;
    private final Cast cast;
    private final Fleet fleet;
    private final Scenes scenes;
    private final Narrator narrator;

    /** @param principal the object id of who tells the story: it needs a role to use keys, as in Azure */
    SimulatedStory(Estate estate, Cast cast, String principal, Narrator narrator) {
        this.estate = estate;
        this.cast = cast;
        this.fleet = new Fleet(estate, cast.vms());
        this.scenes = new Scenes(estate, cast, principal, narrator);
        this.narrator = narrator;
    }

    /** What a program wants to know at the end. */
    ObjectNode tell() {
        String first = scenes.vaultKeyAndSet();
        String label = start();
        Versions versions = refused(first);
        broken(versions);
        finished(versions);
        return retired(versions).put("label", label).set("versions", versions.facts());
    }

    private String start() {
        narrator.chapter(
                cast.count() + " confidential VMs",
                "Each has three artifacts with a data key of its own: guest state (vTPM and UEFI variables), OS disk, data"
                        + " disk.");
        narrator.step("creating VMs", percent -> {
            fleet.each(percent, estate::createVm);
            return told(
                    cast.count() + " VMs made and started: " + String.join(", ", cast.vms()),
                    Json.object().set("vms", Facts.texts(cast.vms())));
        });
        return narrator.step("reading their state", _ -> {
            fleet.mustBe("running");
            String label = estate.hostLabel(cast.vms().getFirst());
            return new Told<>(label, "all run on a " + label, Json.object().put("label", label));
        });
    }

    private Versions refused(String first) {
        narrator.chapter(
                "A rotation that may not begin",
                "While one VM of the set runs, none gets the new key. Nothing is half done.");
        Versions versions = scenes.newVersion(first);
        narrator.step("dry run", _ -> {
            Answer answer = estate.preflight(versions.second());
            List<String> blockers = Facts.blockers(answer);
            unless(
                    answer.text("allowed").equals("false") && blockers.size() == cast.count(),
                    "the dry run should name " + cast.count() + " running VMs, and named " + blockers);
            return told("dry run: not now, " + blockers.size() + " VMs are not stopped", answer.body());
        });
        String last = cast.vms().getLast();
        List<String> others = cast.vms().subList(0, cast.count() - 1);
        if (!others.isEmpty()) {
            narrator.step("stopping all but one", percent -> {
                fleet.each(percent, others, estate::deallocate);
                return told("stopped all but " + last, Json.object().set("stopped", Facts.texts(others)));
            });
        }
        scenes.refused(versions, "rotation while " + last + " runs", List.of(last));
        return versions;
    }

    private void broken(Versions versions) {
        String broken = Cast.osDisk(cast.vms().get(Math.min(1, cast.count() - 1)));
        narrator.chapter(
                "A rotation that cannot finish",
                "All VMs are stopped. A fault is set on the simulated host: it will not let one disk be updated.");
        narrator.step("stopping the last VM", _ -> {
            estate.deallocate(cast.vms().getLast());
            fleet.mustBe("deallocated");
            return told("all VMs are deallocated", Json.object());
        });
        narrator.step("fault", _ -> {
            estate.breakDisk(FAULT, broken);
            return told("disk " + broken + " refuses updates", Json.object().put("disk", broken));
        });
        scenes.failedFor(versions, broken);
    }

    private void finished(Versions versions) {
        narrator.chapter(
                "The same key, saved again, finishes the job", "The retry does what is left, and nothing twice.");
        narrator.step("mending the disk", _ -> {
            estate.mend(FAULT);
            return told("the disk takes updates again", Json.object());
        });
        scenes.finished(versions);
    }

    private ObjectNode retired(Versions versions) {
        narrator.chapter(
                "The old version goes",
                "A VM starts only if each of its artifacts opens. With v1 disabled, nothing can open by it.");
        scenes.retired(versions);
        narrator.step("starting VMs", percent -> {
            fleet.each(percent, estate::start);
            fleet.mustBe("running");
            return told(
                    "all " + cast.count() + " VMs started; every artifact opened",
                    Json.object().set("vms", Facts.texts(cast.vms())));
        });
        return scenes.census(versions);
    }
}
