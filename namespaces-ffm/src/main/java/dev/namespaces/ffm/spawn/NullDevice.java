package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;

/** {@code /dev/null}, opened once for the JVM: in a root file system of its own a child may not have one. */
final class NullDevice {

    private static int descriptor = -1;

    private NullDevice() {}

    static synchronized int descriptor() throws NamespaceException {
        if (descriptor < 0) {
            descriptor = Descriptors.open("/dev/null", Linux.O_RDWR, Step.OPEN_STREAM, "/dev/null");
            LowDescriptors.reserve(descriptor);
        }
        return descriptor;
    }
}
