package dev.namespaces.spi;

import dev.namespaces.MacAddress;
import java.net.InetAddress;

/**
 * A neighbour whose hardware address is set.
 *
 * @param link the name of the interface
 * @param address the neighbour's IP address
 * @param mac its hardware address
 */
public record NeighbourSpec(String link, InetAddress address, MacAddress mac) {}
