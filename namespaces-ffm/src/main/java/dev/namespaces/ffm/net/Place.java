package dev.namespaces.ffm.net;

/** Another network namespace, for an interface to be made in or moved to. */
public final class Place {

    private final Attribute attribute;
    private final int value;

    private Place(Attribute attribute, int value) {
        this.attribute = attribute;
        this.value = value;
    }

    /**
     * The namespace that a descriptor is open on.
     *
     * @param descriptor of a file such as {@code /proc/PID/ns/net}
     * @return the place
     */
    public static Place ofDescriptor(int descriptor) {
        return new Place(Attribute.IFLA_NET_NS_FD, descriptor);
    }

    /**
     * The namespace of a process.
     *
     * @param pid its number, as the calling process sees it
     * @return the place
     */
    public static Place ofProcess(long pid) {
        return new Place(Attribute.IFLA_NET_NS_PID, (int) pid);
    }

    void write(Request request) {
        request.u32(attribute, value);
    }
}
