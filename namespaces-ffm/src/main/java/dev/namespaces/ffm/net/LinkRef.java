package dev.namespaces.ffm.net;

import dev.namespaces.spi.InterfaceName;

/**
 * Which interface.
 *
 * @param index its number in its namespace, or 0 if it is known by its name alone
 * @param name its name, which is in exceptions in any case
 */
public record LinkRef(int index, String name) {

    /** The loopback interface, which is the first of every namespace. */
    public static final LinkRef LOOPBACK = new LinkRef(1, "lo");

    /**
     * An interface whose number is not known. It can be changed and deleted, but nothing else can be made that names it.
     *
     * @param name its name
     * @return the interface
     */
    public static LinkRef named(String name) {
        return new LinkRef(0, InterfaceName.checked(name));
    }

    @Override
    public String toString() {
        return name;
    }
}
