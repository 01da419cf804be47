package dev.keyturn.cli.demo;

/** What the demo's VMs are made of: the latest version of an image for the OS disk, and an empty data disk. */
record VmShape(String publisher, String offer, String sku, int dataDiskGb) {
    /** As on Azure; the simulated host boots nothing. */
    static final VmShape SIMULATED =
            new VmShape("Canonical", "0001-com-ubuntu-confidential-vm-jammy", "22_04-lts-cvm", 32);

    /** The test guest (guest/README.md), which the demo puts into its server's images directory. */
    static final VmShape GUEST = new VmShape("keyturn", "guest", "test", 1);

    /** Where the server looks for the image, below its images directory. */
    String imageFile() {
        return publisher + "/" + offer + "/" + sku + "/1.0.0.raw";
    }
}
