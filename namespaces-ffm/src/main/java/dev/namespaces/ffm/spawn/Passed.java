package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.spi.MountStep;
import java.util.ArrayList;
import java.util.List;

/** The descriptors that a child is passed beside its streams, for one spawn: idmapped trees, and then the doors of its {@link Entrance}. */
final class Passed implements AutoCloseable {

    private static final Passed NOTHING = new Passed();

    private final List<Integer> descriptors = new ArrayList<>();

    private Passed() {}

    /**
     * Opens them.
     *
     * @param binds whose sources are idmapped
     * @param entrance what is entered
     */
    static Passed open(List<MountStep.Bind> binds, Entrance entrance) throws NamespaceException {
        if (binds.isEmpty() && entrance.isEmpty()) {
            return NOTHING;
        }
        int lowest = FirstStage.LOWEST_SOURCE + binds.size() + entrance.doors().size(); // lest one stand in the way of the child's own
        Passed passed = new Passed();
        try {
            for (MountStep.Bind bind : binds) {
                passed.descriptors.add(IdmappedTrees.open(bind, lowest));
            }
            for (Entrance.Door door : entrance.doors()) {
                passed.descriptors.add(door.source().open(lowest));
            }
            return passed;
        } catch (NamespaceException | RuntimeException e) {
            passed.close();
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
