package dev.keyturn.acceptance.browser;

import static dev.keyturn.acceptance.browser.Showcase.DONE;
import static dev.keyturn.acceptance.browser.Showcase.FAULTY;
import static dev.keyturn.acceptance.browser.Showcase.FRESH;
import static dev.keyturn.acceptance.browser.Showcase.GROUP;
import static dev.keyturn.acceptance.browser.Showcase.NOBODY;
import static dev.keyturn.acceptance.browser.Showcase.READER;
import static dev.keyturn.acceptance.browser.Showcase.RUNNING;
import static dev.keyturn.acceptance.browser.Showcase.SPLIT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Every page of the portal in the forms that it takes. */
final class Sights {
    private static final String ADMIN = "admin";
    private static final String STRANGER = "";
    /** What azure-cli opens a browser with. */
    private static final String ASKED_BY_AZ = "client_id=04b07795-8ddb-461a-bbee-02f9e1bf7b46&response_type=code"
            + "&redirect_uri=http%3A%2F%2Flocalhost%3A8400&scope=openid%20profile%20offline_access&state=s&nonce=n"
            + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

    private static final String SETS = "/portal/sets";
    private static final String SET = "/portal/sets/{group}/{name}";
    private static final String KEY = SET + "/key";
    private static final String VMS = "/portal/vms";
    private static final String VM = "/portal/vms/{group}/{name}";
    private static final String PEOPLE = "/portal/people";
    private static final Path DOORS = Path.of(System.getProperty("basedir", ""), "../docs/permissions.md");
    private static final Pattern ROW = Pattern.compile("^\\| `GET (/portal[^`]*)` \\|", Pattern.MULTILINE);

    private Sights() {}

    /** What the server itself says that it has (DoorsTest holds the table against it), without what is no page. */
    static Set<String> patterns() {
        try {
            Set<String> patterns = new TreeSet<>();
            ROW.matcher(Files.readString(DOORS)).results().forEach(r -> patterns.add(r.group(1)));
            patterns.removeAll(Set.of(
                    "/portal/static/{file}",
                    "/portal/live",
                    "/portal/sign-in/outside", // leads to a provider outside, and back
                    "/portal/sign-in/outside/back",
                    "/portal/activity/export.csv",
                    "/portal/activity/export.json"));
            return patterns;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a server whose people sign in at a provider outside. */
    static List<Sight> outside() {
        return List.of(
                Sight.at("/portal/sign-in", "sign-in-outside", STRANGER, "/portal/sign-in"),
                Sight.at("/portal/sign-in", "sign-in-outside-again", STRANGER, "/portal/sign-in?again=yes"),
                Sight.at("/portal/sign-in", "sign-in-outside-refused", STRANGER, "/portal/sign-in?why=DENIED"),
                new Sight("/portal/sign-in", "sign-in-outside-away", STRANGER, v -> {
                    v.mayFindSomethingAway();
                    v.open("/portal/sign-in?away=yes");
                }));
    }

    /** Before there is anything. */
    static List<Sight> empty() {
        return List.of(
                Sight.at("/portal/sign-in", "sign-in", STRANGER, "/portal/sign-in"),
                new Sight("/portal/sign-in", "sign-in-refused", STRANGER, Sights::signInWrongly),
                Sight.at("/portal/welcome", "welcome-used", STRANGER, "/portal/welcome?link=none"),
                Sight.at("/portal", "overview-empty", ADMIN, "/portal"),
                Sight.at(SETS, "sets-empty", ADMIN, SETS),
                Sight.at(VMS, "vms-empty", ADMIN, VMS),
                Sight.at("/portal/vaults", "vaults-empty", ADMIN, "/portal/vaults"),
                Sight.at("/portal/me", "me", ADMIN, "/portal/me"),
                Sight.at("/portal/me/password", "password", ADMIN, "/portal/me/password"));
    }

    static List<Sight> of(Showcase show) {
        List<Sight> all = new ArrayList<>();
        all.addAll(SignInSights.of(show, ASKED_BY_AZ));
        all.add(Sight.at("/portal", "overview", ADMIN, "/portal"));
        all.add(Sight.at("/portal", "overview-nobody", NOBODY, "/portal"));
        all.add(Sight.at("/portal/operations", "operations", ADMIN, "/portal/operations"));
        all.add(Sight.at("/portal/search", "search", ADMIN, "/portal/search?q=fleet"));
        all.add(Sight.at("/portal/search", "search-none", ADMIN, "/portal/search?q=zzz"));
        all.add(Sight.at("/portal/clients", "clients", ADMIN, "/portal/clients"));
        all.add(Sight.at("/portal/device", "device", ADMIN, "/portal/device"));
        all.add(Sight.at("/portal/authorize", "authorize", ADMIN, "/portal/authorize?" + ASKED_BY_AZ));
        all.add(Sight.at("/portal/activity", "activity", ADMIN, "/portal/activity"));
        all.add(new Sight("/portal/activity/record", "activity-record", ADMIN, Sights::openRecord));
        all.add(Sight.at("/portal/{rest*}", "refusal-missing", ADMIN, "/portal/nothing/there"));
        addPeople(all);
        addSets(all, show);
        addVms(all);
        addVaults(all, "/portal/vaults", Showcase.VAULT, "fleet-key", show.newest());
        addVaults(all, "/portal/hsms", Showcase.HSM, "root-key", show.ofHsm());
        addForms(all);
        addResources(all);
        addPolicies(all);
        all.add(Sight.at("/portal/vaults", "vaults-none", ADMIN, "/portal/vaults?name=zzz"));
        all.add(Sight.at("/portal/vaults/{vault}", "vault-reader", READER, "/portal/vaults/" + Showcase.VAULT));
        return all;
    }

    /** What one sees of a set of very many VMs. */
    static List<Sight> large(String set) {
        return List.of(
                Sight.at(SET, "set-" + set, ADMIN, set(set)),
                Sight.at(KEY, "key-" + set, ADMIN, set(set) + "/key"),
                new Sight(KEY, "key-blocked-" + set, ADMIN, v -> {
                    v.open(set(set) + "/key");
                    v.button("Make a new version").click();
                    v.until("In the way");
                }));
    }

    private static void addPeople(List<Sight> all) {
        all.add(Sight.at("/portal/access", "access", ADMIN, "/portal/access"));
        all.add(Sight.at("/portal/access/check", "access-check", ADMIN, "/portal/access/check"));
        for (String who : List.of(READER, NOBODY)) {
            all.add(Sight.at("/portal/access/check", "access-check-" + who, ADMIN, "/portal/access/check?who=" + who));
        }
        all.add(Sight.at("/portal/groups", "groups", ADMIN, "/portal/groups"));
        all.add(Sight.at("/portal/groups/{name}", "group", ADMIN, "/portal/groups/" + Showcase.CIRCLE));
        all.add(Sight.at(PEOPLE, "people", ADMIN, PEOPLE));
        all.add(Sight.at(PEOPLE, "people-refused", NOBODY, PEOPLE));
        all.add(new Sight(PEOPLE, "people-invited", ADMIN, v -> {
            v.open(PEOPLE);
            v.field("Name to sign in with").fill("guest-" + System.nanoTime() % 1_000_000);
            v.button("Make a link").click();
        }));
        all.add(new Sight(PEOPLE, "people-problems", ADMIN, v -> {
            v.open(PEOPLE);
            v.field("Name to sign in with").fill(READER);
            v.button("Make a link").click();
        }));
    }

    private static void addSets(List<Sight> all, Showcase show) {
        all.add(Sight.at(SETS, "sets", ADMIN, SETS));
        all.add(Sight.at(SETS, "sets-none", ADMIN, SETS + "?name=zzz"));
        all.add(Sight.at(SETS, "sets-nobody", NOBODY, SETS));
        for (String set : List.of(SPLIT, DONE, FRESH)) {
            all.add(Sight.at(SET, "set-" + set, ADMIN, set(set)));
        }
        all.add(Sight.at(SET, "set-reader", READER, set(SPLIT)));
        all.add(Sight.at(KEY, "key-choose", ADMIN, set(FRESH) + "/key"));
        all.add(Sight.at(KEY, "key-blocked", ADMIN, set(SPLIT) + "/key?key=" + encoded(show.newest())));
        all.add(Sight.at(KEY, "key-failed", ADMIN, set(SPLIT) + "/key"));
        all.add(Sight.at(KEY, "key-done", ADMIN, set(DONE) + "/key"));
        all.add(Sight.at(KEY, "key-reader", READER, set(SPLIT) + "/key"));
        all.add(new Sight(SET + "/rotations/{id}", "rotation", ADMIN, Sights::openReport));
    }

    private static void addVms(List<Sight> all) {
        all.add(Sight.at(VMS, "vms", ADMIN, VMS));
        all.add(Sight.at(
                VMS,
                "vms-filtered",
                ADMIN,
                VMS + "?q=vm&set=" + encoded(GROUP + "/" + SPLIT) + "&state=running&sort=-name"));
        all.add(Sight.at(VMS, "vms-none", ADMIN, VMS + "?q=zzz"));
        all.add(Sight.at(VMS, "vms-reader", READER, VMS));
        all.add(new Sight(VMS, "vms-confirm", ADMIN, v -> actOnAll(v, "Stop")));
        String some = encoded(GROUP + ":" + RUNNING + "," + FAULTY);
        all.add(Sight.at(VMS + "/result", "vms-result", ADMIN, VMS + "/result?vm=" + some));
        all.add(Sight.at(VM, "vm", ADMIN, vm(RUNNING)));
        all.add(Sight.at(VM, "vm-fault", ADMIN, vm(FAULTY)));
        all.add(Sight.at(VM, "vm-reader", READER, vm(RUNNING)));
        all.add(Sight.at(VM, "vm-missing", ADMIN, vm("nowhere")));
        all.add(Sight.at(VM + "/console", "vm-console", ADMIN, vm(RUNNING) + "/console"));
    }

    /** Of vaults and of managed HSMs alike. */
    private static void addVaults(List<Sight> all, String list, String vault, String key, String url) {
        String noun = list.substring(list.lastIndexOf('/') + 1, list.length() - 1);
        String one = list + "/{vault}";
        String ofKey = one + "/keys/{key}";
        String keys = list + "/" + vault + "/keys/";
        String version = url.substring(url.lastIndexOf('/') + 1);
        all.add(Sight.at(list, noun + "s", ADMIN, list));
        all.add(Sight.at(one, noun, ADMIN, list + "/" + vault));
        all.add(Sight.at(one + "/delete", noun + "-delete", ADMIN, list + "/" + vault + "/delete"));
        all.add(Sight.at(one + "/purge", noun + "-purge", ADMIN, list + "/left-" + noun + "/purge"));
        all.add(Sight.at(ofKey, noun + "-key", ADMIN, keys + key));
        all.add(Sight.at(ofKey, noun + "-key-deleted", ADMIN, keys + "left-key"));
        all.add(Sight.at(
                ofKey + "/versions/{version}/disable",
                noun + "-key-disable",
                ADMIN,
                keys + key + "/versions/" + version + "/disable"));
        all.add(Sight.at(
                ofKey + "/versions/{version}/dates",
                noun + "-key-dates",
                ADMIN,
                keys + key + "/versions/" + version + "/dates"));
        all.add(Sight.at(ofKey + "/delete", noun + "-key-delete", ADMIN, keys + key + "/delete"));
        all.add(Sight.at(ofKey + "/purge", noun + "-key-purge", ADMIN, keys + "left-key/purge"));
    }

    private static void addPolicies(List<Sight> all) {
        String policies = "/portal/vaults/{vault}/policies";
        String mine = "/portal/vaults/" + Showcase.POLICIES + "/policies";
        all.add(Sight.at(policies, "vault-policies", ADMIN, mine));
        all.add(new Sight(policies + "/{of}/take", "vault-policy-take", ADMIN, v -> {
            v.open(mine);
            v.page().locator("main a[href$='/take']").first().click();
        }));
    }

    private static void addResources(List<Sight> all) {
        String groups = "/portal/resource-groups";
        String disks = "/portal/disks";
        String disk = disks + "/" + GROUP + "/" + RUNNING + "-os";
        all.add(Sight.at(disks, "disks", ADMIN, disks));
        all.add(Sight.at(disks, "disks-none", ADMIN, disks + "?name=zzz"));
        all.add(Sight.at(disks + "/{group}/{name}", "disk", ADMIN, disk));
        all.add(Sight.at(disks + "/{group}/{name}/delete", "disk-delete", ADMIN, disk + "/delete"));
        all.add(Sight.at(VM + "/delete", "vm-delete", ADMIN, vm(RUNNING) + "/delete"));
        all.add(Sight.at(SET + "/delete", "set-delete", ADMIN, set(SPLIT) + "/delete"));
        all.add(Sight.at(groups, "resource-groups", ADMIN, groups));
        all.add(Sight.at(groups + "/{group}", "resource-group", ADMIN, groups + "/" + GROUP));
        all.add(Sight.at(groups + "/{group}/delete", "resource-group-delete", ADMIN, groups + "/" + GROUP + "/delete"));
    }

    private static void addForms(List<Sight> all) {
        for (String what : List.of("group", "vault", "hsm", "set", "vm", "disk")) {
            String form = "/portal/create/" + what;
            all.add(Sight.at(form, "create-" + what, ADMIN, form + (what.equals("group") ? "" : "?group=" + GROUP)));
        }
        all.add(Sight.at(
                "/portal/vaults/{vault}/new-key", "new-key", ADMIN, "/portal/vaults/" + Showcase.VAULT + "/new-key"));
        all.add(Sight.at(
                "/portal/hsms/{vault}/new-key", "new-key-hsm", ADMIN, "/portal/hsms/" + Showcase.HSM + "/new-key"));
        all.add(Sight.at(VM + "/new-disk", "new-disk", ADMIN, vm(RUNNING) + "/new-disk"));
        all.add(Sight.at(SET + "/next", "set-next", ADMIN, set(FRESH) + "/next"));
    }

    /** The newest record. */
    private static void openRecord(Visit visit) {
        visit.open("/portal/activity");
        visit.page().locator("main a[href*='/activity/record?']").first().click();
    }

    /** The report of the newest change of a set's key. */
    private static void openReport(Visit visit) {
        visit.open(set(DONE));
        visit.page().locator("a[href*='/rotations/']").first().click();
    }

    private static void signInWrongly(Visit visit) {
        visit.open("/portal/sign-in");
        visit.field("Name").fill(ADMIN);
        visit.field("Password").fill("not the password");
        visit.button("Sign in").click();
    }

    private static void actOnAll(Visit visit, String action) {
        visit.open(VMS + "?q=vm");
        visit.page().locator("input[name=all]").check();
        visit.button(action).click();
    }

    private static String set(String name) {
        return SETS + "/" + GROUP + "/" + name;
    }

    private static String vm(String name) {
        return VMS + "/" + GROUP + "/" + name;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
