package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.cli.demo.Narrator.Told;
import dev.keyturn.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * The main job as a story in six chapters. Every step is a request that any client could make, and every claim is read
 * back from the server; what is not as it must be ends the story.
 */
final class Story {
    /** Guest state, OS disk, data disk. */
    private static final int PER_VM = 3;

    private static final String FAULT = "demo-os-disk";

    private final Estate estate;
    private final Cast cast;
    private final Fleet fleet;
    private final String principal;
    private final Narrator narrator;

    /** @param principal the object id of who tells the story: it needs a role to use keys, as in Azure */
    Story(Estate estate, Cast cast, String principal, Narrator narrator) {
        this.estate = estate;
        this.cast = cast;
        this.fleet = new Fleet(estate, cast.vms());
        this.principal = principal;
        this.narrator = narrator;
    }

    /** What a program wants to know at the end. */
    ObjectNode tell() {
        String first = vaultKeyAndSet();
        String label = start();
        Versions versions = refused(first);
        broken(versions);
        finished(versions);
        return retired(versions).put("host", "simulated").put("label", label).set("versions", versions.facts());
    }

    private String vaultKeyAndSet() {
        narrator.chapter(
                "A vault, a key and a disk encryption set",
                "The key encrypts nothing itself: it wraps the keys of everything that belongs to the set's VMs.");
        narrator.step("resource group", _ -> {
            estate.createGroup();
            return told("resource group " + cast.group(), Json.object().put("name", cast.group()));
        });
        narrator.step("vault", _ -> {
            Answer vault = estate.createVault();
            estate.grant(Estate.CRYPTO_OFFICER, principal);
            return told(
                    "vault " + cast.vault() + ": premium, purge protection, roles decide who may do what",
                    Json.object().put("id", estate.vaultId()).put("vaultUri", vault.text("properties.vaultUri")));
        });
        String key = narrator.step("key", _ -> {
            String url = estate.createKey();
            return new Told<>(
                    url,
                    "key " + Cast.KEY + ": RSA-HSM 3072, exportable under a release policy, version v1 = "
                            + Versions.brief(url),
                    Json.object().put("keyUrl", url));
        });
        narrator.step("disk encryption set", _ -> {
            String identity = estate.createSet(key).text("identity.principalId");
            estate.grant(Estate.CRYPTO_SERVICE_ENCRYPTION_USER, identity);
            return told(
                    "disk encryption set " + Cast.SET + ", whose identity may wrap and unwrap with the vault's keys",
                    Json.object().put("id", cast.id(cast.setPath())).put("principalId", identity));
        });
        return key;
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
        Versions versions = narrator.step("new key version", _ -> {
            String second = estate.newVersion();
            return new Told<>(
                    new Versions(first, second),
                    "new version v2 = " + Versions.brief(second),
                    Json.object().put("keyUrl", second));
        });
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
        RefusedException.Refusal refusal = narrator.step("rotation while " + last + " runs", _ -> {
            RefusedException refused = mustFail(versions.second());
            unless(
                    refused.httpStatus() == 409 && refused.refusal().message().contains(last),
                    "the refusal should be a conflict that names " + last + ", and was " + refused.getMessage());
            return new Told<>(refused.refusal(), "rotation refused, nothing changed:", Facts.of(refused));
        });
        refusal.details().forEach(d -> narrator.detail(d.message()));
        narrator.step("reading all artifacts", _ -> {
            Map<String, List<Estate.Artifact>> all = fleet.artifacts();
            unless(versions.under(first, all) == artifacts(), "an artifact left v1 although the rotation was refused");
            return told("all " + artifacts() + " artifacts are under v1, as before", Facts.artifacts(all));
        });
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
        RefusedException.Refusal refusal = narrator.step("rotating v1 to v2", _ -> {
            RefusedException failed = mustFail(versions.second());
            List<RefusedException.Refusal> details = failed.refusal().details();
            unless(
                    details.size() == 1 && details.getFirst().toString().contains(broken),
                    "the failed rotation should name " + broken + " alone, and said " + failed.getMessage());
            return new Told<>(
                    failed.refusal(), "rotation failed for 1 artifact, and says for which:", Facts.of(failed));
        });
        refusal.details().forEach(d -> narrator.detail(d.message()));
        Map<String, List<Estate.Artifact>> mixed = narrator.step("reading all artifacts", _ -> {
            Map<String, List<Estate.Artifact>> all = fleet.artifacts();
            Answer set = estate.set();
            unless(
                    versions.under(versions.first(), all) == 1
                            && versions.under(versions.second(), all) == artifacts() - 1,
                    "1 artifact should be under v1 and all others under v2");
            unless(
                    set.text("properties.activeKey.keyUrl").equals(versions.first()),
                    "the set should still reference v1");
            ObjectNode facts = Facts.artifacts(all).put("activeKeyUrl", versions.first());
            return new Told<>(all, "the set still references v1; each artifact says what it is under:", facts);
        });
        narrator.table(versions.table(mixed));
    }

    private void finished(Versions versions) {
        narrator.chapter(
                "The same key, saved again, finishes the job", "The retry does what is left, and nothing twice.");
        narrator.step("mending the disk", _ -> {
            estate.mend(FAULT);
            return told("the disk takes updates again", Json.object());
        });
        narrator.step("dry run", _ -> {
            Answer answer = estate.preflight(versions.second());
            unless(
                    answer.text("allowed").equals("true"),
                    "the dry run should have nothing against the retry, and had " + Facts.blockers(answer));
            return told("dry run: nothing stands against it", answer.body());
        });
        narrator.step("rotating to v2 again", percent -> {
            Answer set = estate.rotate(versions.second(), percent);
            unless(set.text("properties.activeKey.keyUrl").equals(versions.second()), "the set should reference v2");
            return told(
                    "rotation finished: the set references v2", Json.object().put("activeKeyUrl", versions.second()));
        });
        Map<String, List<Estate.Artifact>> all = narrator.step("reading all artifacts", _ -> {
            Map<String, List<Estate.Artifact>> now = fleet.artifacts();
            unless(versions.under(versions.second(), now) == artifacts(), "an artifact is not under v2");
            return new Told<>(now, "all " + artifacts() + " artifacts are under v2:", Facts.artifacts(now));
        });
        narrator.table(versions.table(all));
    }

    private ObjectNode retired(Versions versions) {
        narrator.chapter(
                "The old version goes",
                "A VM starts only if each of its artifacts opens. With v1 disabled, nothing can open by it.");
        narrator.step("opening every artifact", percent -> {
            estate.verify(percent);
            return told("proof: all " + artifacts() + " artifacts open on their host under v2", Json.object());
        });
        narrator.step("disabling v1", _ -> {
            estate.disable(versions.first());
            unless(!estate.enabled(versions.first()), "v1 should be disabled");
            return told("v1 is disabled", Json.object().put("keyUrl", versions.first()));
        });
        narrator.step("starting VMs", percent -> {
            fleet.each(percent, estate::start);
            fleet.mustBe("running");
            return told(
                    "all " + cast.count() + " VMs started; every artifact opened",
                    Json.object().set("vms", Facts.texts(cast.vms())));
        });
        return narrator.step("census", _ -> {
            Answer census = estate.census();
            long old = Answer.at(census.body(), "keys").stream()
                    .flatMap(k -> k.valueStream())
                    .filter(k -> !Answer.text(k, "keyUrl").equals(versions.second()))
                    .mapToLong(k -> Long.parseLong(Answer.text(k, "artifacts")))
                    .sum();
            unless(
                    old == 0 && census.text("artifacts").equals(Integer.toString(artifacts())),
                    "the census should count " + artifacts() + " artifacts, none of them under the old version");
            ObjectNode facts = census.body().deepCopy();
            return new Told<>(
                    Json.object().put("artifacts", artifacts()).put("artifactsUnderOldVersion", old),
                    "census: " + old + " artifacts under the old version, " + artifacts() + " under the new one",
                    facts);
        });
    }

    private RefusedException mustFail(String keyUrl) {
        try {
            estate.rotate(keyUrl, _ -> {});
        } catch (RefusedException e) {
            return e;
        }
        throw new StoryFailedException("a rotation succeeded that must not");
    }

    private int artifacts() {
        return cast.count() * PER_VM;
    }

    private static Told<Optional<Object>> told(String line, ObjectNode facts) {
        return new Told<>(Optional.empty(), line, facts);
    }
}
