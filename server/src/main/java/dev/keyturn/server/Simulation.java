package dev.keyturn.server;

import dev.keyturn.host.simulated.Faults;
import dev.keyturn.host.simulated.SimulatedHost;
import java.util.Optional;

/** The simulated host, where there is one, and the faults that can be asked of it. */
record Simulation(Optional<SimulatedHost> host, Faults faults) {}
