/**
 * What the fuzzer tries, and what must hold of it whatever comes (docs/testing.md). Each target also runs in every build,
 * with its seeds and the inputs that once found something.
 */
package dev.keyturn.server.fuzz;
