package dev.namespaces.spi;

import java.net.InetAddress;
import java.util.List;

/**
 * How names are found in a network, as files of a mount namespace say it.
 *
 * @param hosts names whose addresses need not be asked for
 * @param servers name servers
 * @param search domains in which short names are looked for
 */
public record NamesSpec(List<Host> hosts, List<InetAddress> servers, List<String> search) {

    /** Unless told otherwise: what the files say already. */
    public static final NamesSpec DEFAULT = new NamesSpec(List.of(), List.of(), List.of());

    /** Keeps the lists from changing. */
    public NamesSpec {
        hosts = List.copyOf(hosts);
        servers = List.copyOf(servers);
        search = List.copyOf(search);
    }

    /**
     * A name and an address of it.
     *
     * @param name the name
     * @param address the address
     */
    public record Host(String name, InetAddress address) {}
}
