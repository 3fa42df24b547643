package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;

/** The descriptors of an {@link Entrance}, for one spawn. */
final class Doors implements AutoCloseable {

    private static final Doors NONE = new Doors();

    private final List<Integer> descriptors = new ArrayList<>();

    private Doors() {}

    /**
     * Opens them.
     *
     * @param entrance which
     * @param lowest the lowest number that any may have
     */
    static Doors open(Entrance entrance, int lowest) throws NamespaceException {
        if (entrance.isEmpty()) {
            return NONE;
        }
        Doors doors = new Doors();
        try {
            for (Entrance.Door door : entrance.doors()) {
                doors.descriptors.add(door.source().open(lowest));
            }
            return doors;
        } catch (NamespaceException | RuntimeException e) {
            doors.close();
            throw e;
        }
    }

    List<Integer> descriptors() {
        return descriptors;
    }

    @Override
    public void close() {
        if (!descriptors.isEmpty()) { // what is for nobody is everybody's, and stays untouched
            descriptors.forEach(Syscalls::close);
            descriptors.clear();
        }
    }
}
