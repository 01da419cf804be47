package dev.keyturn.core.vm;

import dev.keyturn.core.disk.Disk;
import dev.keyturn.core.disk.DiskRules;
import dev.keyturn.core.image.BaseImage;
import dev.keyturn.core.image.BaseImages;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.resource.NameRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What can be wrong with a {@link VmSpec} by itself, all of it at once. */
final class VmRules {
    /** Sizes of Azure's confidential VMs: SEV-SNP (a) and TDX (e). DCsv2 and DCsv3 have enclaves instead. */
    private static final Pattern CONFIDENTIAL = Pattern.compile(
            "Standard_([DE]C\\d{1,3}i?[ae]d?s_v[5-9]|NCC\\d{1,3}ads_H100_v5)", Pattern.CASE_INSENSITIVE);

    static final String OS_DISK = BaseImages.OS_DISK;
    static final String SECURITY = OS_DISK + ".managedDisk.securityProfile";
    static final String SET = SECURITY + ".diskEncryptionSet.id";
    private static final int MAX_LUN = 63;

    private final VmSpec spec;
    private final List<ErrorInfo> problems = new ArrayList<>();

    private VmRules(VmSpec spec) {
        this.spec = spec;
    }

    /**
     * @param presentSize of a VM that is there already: what it has, it may keep
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} with every problem
     */
    static SecurityEncryption check(VmSpec spec, Optional<String> presentSize) {
        VmRules rules = new VmRules(spec);
        rules.names();
        if (!spec.size().equals(presentSize)) {
            rules.size();
        }
        rules.confidential();
        Optional<SecurityEncryption> encryption = rules.encryption();
        rules.osDisk();
        rules.dataDisks();
        if (!rules.problems.isEmpty()) {
            throw DomainError.invalid(rules.problems).asException();
        }
        return encryption.orElseThrow();
    }

    private void problem(String path, String text) {
        problems.add(DomainError.field(path, text));
    }

    private void names() {
        NameRules.broken(spec.id())
                .ifPresent(rule ->
                        problem("name", "The name '" + spec.id().name() + "' is not one of a VM: " + rule + "."));
        if (spec.location().isBlank()) {
            problem("location", "'location' is required.");
        }
    }

    private void size() {
        String at = "properties.hardwareProfile.vmSize";
        spec.size()
                .filter(s -> !CONFIDENTIAL.matcher(s).matches())
                .ifPresent(s -> problem(
                        at,
                        "'" + at + "' is '" + s
                                + "', which is no size of confidential VMs. Those are the series DCasv5,"
                                + " DCadsv5, ECasv5, ECadsv5, DCesv5, DCedsv5, ECesv5, ECedsv5 and their v6, as"
                                + " Standard_DC2as_v5 or Standard_EC4ads_v6, and Standard_NCC40ads_H100_v5."));
    }

    private void confidential() {
        String at = "properties.securityProfile.securityType";
        if (!spec.securityType().map("ConfidentialVM"::equalsIgnoreCase).orElse(false)) {
            problem(
                    at,
                    "'" + at + "' must be ConfidentialVM"
                            + spec.securityType().map(t -> ", not '" + t + "'").orElse("")
                            + ": this server runs confidential VMs only.");
            return;
        }
        if (!spec.vTpm().orElse(false)) {
            problem(
                    "properties.securityProfile.uefiSettings.vTpmEnabled",
                    "'properties.securityProfile.uefiSettings.vTpmEnabled' must be true for a confidential VM.");
        }
    }

    private Optional<SecurityEncryption> encryption() {
        OsDiskSpec os = spec.osDisk();
        String at = SECURITY + ".securityEncryptionType";
        os.misplacedSet()
                .ifPresent(s -> problem(
                        OS_DISK + ".managedDisk.diskEncryptionSet",
                        "The disk encryption set of a confidential VM's OS disk belongs into '" + SET
                                + "', with securityEncryptionType DiskWithVMGuestState; '" + OS_DISK
                                + ".managedDisk.diskEncryptionSet' must be absent."));
        if (os.securityEncryptionType().isEmpty()) {
            problem(at, "'" + at + "' is required for a confidential VM: DiskWithVMGuestState or VMGuestStateOnly.");
            return Optional.empty();
        }
        String text = os.securityEncryptionType().get();
        Optional<SecurityEncryption> parsed = SecurityEncryption.parse(text);
        if (parsed.isEmpty()) {
            problem(
                    at,
                    "'" + at + "' must be DiskWithVMGuestState or VMGuestStateOnly, not '" + text + "'"
                            + (text.equalsIgnoreCase("NonPersistedTPM") ? ", which is not served here." : "."));
            return Optional.empty();
        }
        if (parsed.get() == SecurityEncryption.VM_GUEST_STATE_ONLY && os.set().isPresent()) {
            problem(
                    SET,
                    "VMGuestStateOnly uses the platform's key and takes no disk encryption set. For a"
                            + " customer-managed key use DiskWithVMGuestState.");
        }
        if (parsed.get() == SecurityEncryption.DISK_WITH_VM_GUEST_STATE
                && !spec.secureBoot().orElse(false)) {
            problem(
                    "properties.securityProfile.uefiSettings.secureBootEnabled",
                    "'properties.securityProfile.uefiSettings.secureBootEnabled' must be true with"
                            + " securityEncryptionType DiskWithVMGuestState.");
        }
        return parsed;
    }

    private void osDisk() {
        OsDiskSpec os = spec.osDisk();
        oneOf(OS_DISK + ".createOption", os.createOption(), List.of("FromImage", "Attach"));
        deleteOption(OS_DISK + ".deleteOption", os.deleteOption());
        diskName(OS_DISK + ".name", os.name());
        size(OS_DISK + ".diskSizeGB", os.sizeGb(), BaseImage.MAX_GB);
        os.diffDiskOption().filter(o -> !o.equalsIgnoreCase("Local")).ifPresent(o -> {
            String at = OS_DISK + ".diffDiskSettings.option";
            problem(at, "'" + at + "' must be Local, not '" + o + "'.");
        });
        boolean attach = DiskRules.is(os.createOption(), "Attach");
        if (attach && os.disk().isEmpty()) {
            problem(
                    OS_DISK + ".managedDisk.id",
                    "'" + OS_DISK + ".managedDisk.id' is required where 'createOption' is Attach.");
        }
        if (attach && spec.image().isPresent()) {
            problem(
                    BaseImages.REFERENCE,
                    "'" + BaseImages.REFERENCE + "' must be absent where 'createOption' is Attach: the disk has its"
                            + " operating system already.");
        }
        if (attach && os.diffDiskOption().isPresent()) {
            problem(OS_DISK + ".diffDiskSettings", "An ephemeral OS disk is made from an image, never attached.");
        }
        os.disk().filter(d -> !d.hasType(Disk.TYPE)).ifPresent(d -> notADisk(OS_DISK + ".managedDisk.id"));
    }

    private void dataDisks() {
        Set<Integer> luns = new HashSet<>();
        int i = 0;
        for (DataDiskSpec disk : spec.dataDisks()) {
            String at = "properties.storageProfile.dataDisks[" + i++ + "]";
            if (disk.lun() < 0 || disk.lun() > MAX_LUN) {
                problem(at + ".lun", "'" + at + ".lun' must be between 0 and " + MAX_LUN + ".");
            }
            if (!disk.toBeDetached() && !luns.add(disk.lun())) {
                problem(at + ".lun", "'" + at + ".lun' " + disk.lun() + " is used by another data disk.");
            }
            oneOf(at + ".createOption", disk.createOption(), List.of("Empty", "Attach"));
            deleteOption(at + ".deleteOption", disk.deleteOption());
            diskName(at + ".name", disk.name());
            size(at + ".diskSizeGB", disk.sizeGb(), 32_767);
            if (DiskRules.is(disk.createOption(), "Attach") && disk.disk().isEmpty()) {
                problem(
                        at + ".managedDisk.id",
                        "'" + at + ".managedDisk.id' is required where 'createOption' is Attach.");
            }
            disk.disk().filter(d -> !d.hasType(Disk.TYPE)).ifPresent(d -> notADisk(at + ".managedDisk.id"));
            if (disk.set().isPresent() && !disk.set().equals(spec.osDisk().set())) {
                problem(
                        at + ".managedDisk.diskEncryptionSet.id",
                        "A data disk of a confidential VM is under the same disk encryption set as its OS disk, '" + SET
                                + "'.");
            }
        }
    }

    private void notADisk(String at) {
        problem(at, "'" + at + "' must be the id of a " + Disk.TYPE + ".");
    }

    private void oneOf(String at, Optional<String> value, List<String> allowed) {
        if (value.isEmpty()) {
            problem(at, "'" + at + "' is required: " + String.join(" or ", allowed) + ".");
        } else if (allowed.stream().noneMatch(value.get()::equalsIgnoreCase)) {
            problem(at, "'" + at + "' must be " + String.join(" or ", allowed) + ", not '" + value.get() + "'.");
        }
    }

    private void deleteOption(String at, Optional<String> value) {
        if (value.isPresent() && !DiskRules.is(value, "Delete") && !DiskRules.is(value, "Detach")) {
            problem(at, "'" + at + "' must be Delete or Detach, not '" + value.get() + "'.");
        }
    }

    private void diskName(String at, Optional<String> name) {
        name.flatMap(n -> NameRules.broken(Disk.TYPE, n))
                .ifPresent(rule -> problem(at, "'" + at + "' is not the name of a disk: " + rule + "."));
    }

    private void size(String at, Optional<Integer> gb, int max) {
        if (gb.isPresent() && (gb.get() < 1 || gb.get() > max)) {
            problem(at, "'" + at + "' must be between 1 and " + max + ", not " + gb.get() + ".");
        }
    }
}
