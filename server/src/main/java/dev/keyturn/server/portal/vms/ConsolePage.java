package dev.keyturn.server.portal.vms;

import java.util.Optional;

/**
 * What a VM's guest wrote to its serial console lately.
 *
 * @param none why there is no console; empty where there is
 * @param cut whether there is more of it than is shown
 */
public record ConsolePage(String name, String href, String address, String text, boolean cut, Optional<String> none) {}
