package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.Scenes.mustFail;
import static dev.keyturn.cli.demo.Scenes.told;
import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.cli.demo.Narrator.Told;
import dev.keyturn.cli.demo.Narrator.Tone;
import dev.keyturn.json.Json;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * The main job with real guests, in seven chapters. What a guest has is the guest's own word; what the files are is read
 * from the storage directory; and what goes wrong half-way is an image that another program holds.
 */
final class LibvirtStory {
    private final Estate estate;
    private final Cast cast;
    private final Fleet fleet;
    private final Guests guests;
    private final ImageFiles files;
    private final Scenes scenes;
    private final Narrator narrator;

    /** @param principal the object id of who tells the story: it needs a role to use keys, as in Azure */
    LibvirtStory(Estate estate, Cast cast, ImageFiles files, String principal, Narrator narrator) {
        this.estate = estate;
        this.cast = cast;
        this.fleet = new Fleet(estate, cast.vms());
        this.guests = new Guests(estate, cast.vms());
        this.files = files;
        this.scenes = new Scenes(estate, cast, principal, narrator);
        this.narrator = narrator;
    }

    /** What a program wants to know at the end. */
    ObjectNode tell() {
        String first = scenes.vaultKeyAndSet();
        String label = create();
        Map<String, BootReport> written = firstBoot();
        Versions versions = refused(first);
        Map<String, Map<String, String>> before = stopped();
        // The held image is the last VM's: with one VM it is that one's.
        String held = cast.vms().getLast();
        try (ImageFiles.Held image = files.hold(Cast.osDisk(held))) {
            brokenWhile(image, versions, held);
        }
        finished(versions, held, before);
        ObjectNode facts = secondBoot(versions, written);
        return facts.put("imageFiles", ImageFiles.count(before))
                .put("valuesReadBack", Guests.values(written))
                .put("label", label)
                .set("versions", versions.facts());
    }

    private String create() {
        narrator.chapter(
                cast.count() + " confidential VMs, on libvirt",
                "Real machines with secure boot. Each has three artifacts with a data key of its own: guest state (vTPM and"
                        + " UEFI variables), OS disk, data disk; all of it is encrypted files on this machine.");
        narrator.step("making images, starting VMs", percent -> {
            fleet.together(percent, estate::createVm);
            fleet.mustBe("running");
            return told(
                    cast.count() + " VMs made and started: " + String.join(", ", cast.vms()),
                    Json.object().set("vms", Facts.texts(cast.vms())));
        });
        return narrator.step("reading their state", _ -> {
            String label = estate.hostLabel(cast.vms().getFirst());
            return new Told<>(
                    label, "all run on a libvirt host: " + label, Json.object().put("label", label));
        });
    }

    private Map<String, BootReport> firstBoot() {
        Map<String, BootReport> written = narrator.step("guests are booting", percent -> {
            Map<String, BootReport> reports = guests.ready(percent);
            Guests.mustBeNew(reports);
            return new Told<>(
                    reports,
                    "each guest is ready, and says on its serial console what it wrote:",
                    Guests.facts(reports));
        });
        narrator.table(Guests.table(written, Tone.OLD));
        return written;
    }

    private Versions refused(String first) {
        narrator.chapter(
                "A rotation that may not begin",
                "While one VM of the set runs, none gets the new key. Nothing is half done.");
        Versions versions = scenes.newVersion(first);
        scenes.refused(versions, "rotation while VMs run", cast.vms());
        return versions;
    }

    private Map<String, Map<String, String>> stopped() {
        narrator.chapter(
                "All VMs stop", "The guests are asked to, by their power buttons. Then their files lie still.");
        narrator.step("deallocating VMs", percent -> {
            fleet.together(percent, estate::deallocate);
            fleet.mustBe("deallocated");
            return told("all VMs are deallocated", Json.object());
        });
        return checksums("reading all image files", sums -> ImageFiles.count(sums) + " image files; SHA-256 of each:");
    }

    private Map<String, Map<String, String>> checksums(String doing, Line line) {
        Map<String, Map<String, String>> sums = narrator.step(doing, percent -> {
            Map<String, Map<String, String>> read = files.checksums(percent);
            return new Told<>(read, line.of(read), ImageFiles.facts(read));
        });
        narrator.table(ImageFiles.table(sums));
        return sums;
    }

    private interface Line {
        String of(Map<String, Map<String, String>> checksums);
    }

    private void brokenWhile(ImageFiles.Held image, Versions versions, String vm) {
        String disk = Cast.osDisk(vm);
        narrator.chapter(
                "A rotation that cannot finish",
                "Another program, here the demo itself, has the image of one disk locked, as a backup would. Its envelope"
                        + " stays under v1, and v1 is retired too early.");
        narrator.step("locking an image", _ -> {
            unless(image.lock().isValid(), "the lock on the image of " + disk + " should hold");
            return told(
                    "the image of " + disk + " is held by another program",
                    Json.object().put("disk", disk));
        });
        scenes.failedFor(versions, disk);
        scenes.disabled(versions);
        RefusedException.Refusal refusal = narrator.step("starting " + vm, _ -> {
            RefusedException refused = mustFail(
                    vm + " started although one of its artifacts is under a key version that is disabled", () -> {
                        estate.start(vm);
                        return vm;
                    });
            unless(
                    refused.toString().contains(versions.first()),
                    "the refusal should name " + versions.first() + ", and was " + refused.getMessage());
            return new Told<>(refused.refusal(), vm + " is refused: its OS disk's key needs v1", Facts.of(refused));
        });
        narrator.detail(refusal.message());
    }

    private void finished(Versions versions, String vm, Map<String, Map<String, String>> before) {
        narrator.chapter(
                "The same key, saved again, finishes the job",
                "The retry does what is left, and nothing twice. It needs v1 once more, for the one artifact under it.");
        narrator.step("letting go of the image", _ -> {
            estate.enable(versions.first(), true);
            unless(estate.enabled(versions.first()), "v1 should be enabled");
            return told(
                    "the image of " + Cast.osDisk(vm) + " is free, and v1 is enabled again",
                    Json.object().put("keyUrl", versions.first()));
        });
        scenes.finished(versions);
        checksums("reading all image files again", after -> {
            before.forEach((name, sums) -> sums.forEach((kind, sum) -> unless(
                    sum.equals(after.getOrDefault(name, Map.of()).get(kind)),
                    "the rotation changed a file, which it must not: " + kind + " of " + name)));
            return "not one byte of the " + ImageFiles.count(after) + " files has changed: the same SHA-256 as before";
        });
    }

    private ObjectNode secondBoot(Versions versions, Map<String, BootReport> written) {
        narrator.chapter(
                "The old version goes, the guests boot",
                "With v1 disabled nothing can open by it. Each guest now looks for what it wrote when it first booted.");
        scenes.retired(versions);
        guests.mark();
        narrator.step("starting VMs", percent -> {
            fleet.together(percent, estate::start);
            fleet.mustBe("running");
            return told(
                    "all " + cast.count() + " VMs started; every artifact opened",
                    Json.object().set("vms", Facts.texts(cast.vms())));
        });
        Map<String, BootReport> read = narrator.step("guests are booting", percent -> {
            Map<String, BootReport> reports = guests.ready(percent);
            Guests.mustBeKept(written, reports);
            return new Told<>(
                    reports,
                    "each guest is ready, and read back what it had written: " + Guests.values(reports)
                            + " values, all the same",
                    Guests.facts(reports));
        });
        narrator.table(Guests.table(read, Tone.NEW));
        return scenes.census(versions);
    }
}
