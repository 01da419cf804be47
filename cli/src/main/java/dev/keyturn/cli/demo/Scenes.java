package dev.keyturn.cli.demo;

import static dev.keyturn.cli.demo.StoryFailedException.unless;

import dev.keyturn.cli.client.Answer;
import dev.keyturn.cli.client.RefusedException;
import dev.keyturn.cli.demo.Narrator.Told;
import dev.keyturn.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the stories have in common, whatever the VMs run on. Every step is a request that any client could make, and every
 * claim is read back from the server; what is not as it must be ends the story.
 */
final class Scenes {
    /** Guest state, OS disk, data disk. */
    private static final int PER_VM = 3;

    private final Estate estate;
    private final Cast cast;
    private final Fleet fleet;
    private final String principal;
    private final Narrator narrator;

    /** @param principal the object id of who tells the story: it needs a role to use keys, as in Azure */
    Scenes(Estate estate, Cast cast, String principal, Narrator narrator) {
        this.estate = estate;
        this.cast = cast;
        this.fleet = new Fleet(estate, cast.vms());
        this.principal = principal;
        this.narrator = narrator;
    }

    /** The url of the key's first version. */
    String vaultKeyAndSet() {
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

    Versions newVersion(String first) {
        return narrator.step("new key version", _ -> {
            String second = estate.newVersion();
            return new Told<>(
                    new Versions(first, second),
                    "new version v2 = " + Versions.brief(second),
                    Json.object().put("keyUrl", second));
        });
    }

    /** The change of the key is refused, naming all of those VMs, and nothing has changed. */
    void refused(Versions versions, String doing, List<String> running) {
        RefusedException.Refusal refusal = narrator.step(doing, _ -> {
            RefusedException refused = mustFail("a rotation succeeded that must not", () -> rotated(versions));
            String said = refused.refusal().message();
            unless(
                    refused.httpStatus() == 409 && running.stream().allMatch(said::contains),
                    "the refusal should be a conflict that names " + String.join(", ", running) + ", and was "
                            + refused.getMessage());
            return new Told<>(refused.refusal(), "rotation refused, nothing changed:", Facts.of(refused));
        });
        refusal.details().forEach(d -> narrator.detail(d.message()));
        narrator.step("reading all artifacts", _ -> {
            Map<String, List<Estate.Artifact>> all = fleet.artifacts();
            unless(
                    versions.under(versions.first(), all) == artifacts(),
                    "an artifact left v1 although the rotation was refused");
            return told("all " + artifacts() + " artifacts are under v1, as before", Facts.artifacts(all));
        });
    }

    /** The rotation fails for that disk alone, and everything else is under the new version. */
    void failedFor(Versions versions, String disk) {
        RefusedException.Refusal refusal = narrator.step("rotating v1 to v2", _ -> {
            RefusedException failed = mustFail("a rotation succeeded that must not", () -> rotated(versions));
            List<RefusedException.Refusal> details = failed.refusal().details();
            unless(
                    details.size() == 1 && details.getFirst().toString().contains(disk),
                    "the failed rotation should name " + disk + " alone, and said " + failed.getMessage());
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

    /** The same new version is saved again, and now everything is under it. */
    void finished(Versions versions) {
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

    /** Nothing needs the old version any more, and it is disabled. */
    void retired(Versions versions) {
        narrator.step("opening every artifact", percent -> {
            estate.verify(percent);
            return told("proof: all " + artifacts() + " artifacts open on their host under v2", Json.object());
        });
        disabled(versions);
    }

    void disabled(Versions versions) {
        narrator.step("disabling v1", _ -> {
            estate.enable(versions.first(), false);
            unless(!estate.enabled(versions.first()), "v1 should be disabled");
            return told("v1 is disabled", Json.object().put("keyUrl", versions.first()));
        });
    }

    ObjectNode census(Versions versions) {
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

    private Answer rotated(Versions versions) {
        return estate.rotate(versions.second(), _ -> {});
    }

    /** How the server refused it. */
    static RefusedException mustFail(String otherwise, Supplier<?> request) {
        try {
            var _ = request.get();
        } catch (RefusedException e) {
            return e;
        }
        throw new StoryFailedException(otherwise);
    }

    int artifacts() {
        return cast.count() * PER_VM;
    }

    static Told<Optional<Object>> told(String line, ObjectNode facts) {
        return new Told<>(Optional.empty(), line, facts);
    }
}
