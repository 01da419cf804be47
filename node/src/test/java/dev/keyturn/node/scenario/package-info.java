/** The rules of VMs, disks and sets, on the real store and the simulated host, with a vault in memory. */
@org.jspecify.annotations.NullMarked
package dev.keyturn.node.scenario;
