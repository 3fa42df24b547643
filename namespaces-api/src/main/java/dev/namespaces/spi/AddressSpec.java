package dev.namespaces.spi;

import dev.namespaces.IpPrefix;

/**
 * An address that an interface is given.
 *
 * @param link the name of the interface
 * @param address the address, with the length of its network's prefix
 */
public record AddressSpec(String link, IpPrefix address) {}
