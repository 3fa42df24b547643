package dev.namespaces.ffm.net;

/**
 * Which interface.
 *
 * @param index its number in its namespace, for the kernel
 * @param name its name, for whoever reads an exception
 */
public record LinkRef(int index, String name) {

    /** The loopback interface, which is the first of every namespace. */
    public static final LinkRef LOOPBACK = new LinkRef(1, "lo");

    @Override
    public String toString() {
        return name;
    }
}
