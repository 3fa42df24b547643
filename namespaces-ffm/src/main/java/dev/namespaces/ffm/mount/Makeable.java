package dev.namespaces.ffm.mount;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.spi.MountRoot;
import dev.namespaces.spi.MountStep;
import java.util.ArrayList;
import java.util.List;

/** Where something may be made that is missing: anywhere in a root of the namespace's own, but on the host's only in what is memory by then. */
final class Makeable {

    private final boolean hostRoot;
    private final List<MountStep> before = new ArrayList<>();

    Makeable(MountRoot root) {
        hostRoot = root instanceof MountRoot.Host;
    }

    /** A step has been done. */
    void after(MountStep step) {
        before.add(step);
    }

    /** Whether a path may be made; the mount in which it would lie decides. */
    boolean at(String target) {
        if (target.equals("/")) {
            return false;
        }
        boolean memory = !hostRoot;
        int nearest = 0;
        for (MountStep step : before) {
            boolean holds = target.startsWith(step.target() + "/") && step.target().length() >= nearest;
            boolean mounts = step instanceof MountStep.Bind || step instanceof MountStep.Overlay || isMemory(step);
            if (holds && mounts) {
                nearest = step.target().length();
                memory = !hostRoot || isMemory(step);
            }
        }
        return memory;
    }

    private static boolean isMemory(MountStep step) {
        return step instanceof MountStep.Tmpfs || step instanceof MountStep.Dev
                || (step instanceof MountStep.Overlay overlay
                        && overlay.upper() instanceof MountStep.Upper.Memory);
    }

    /** How the directories are looked up in which something is made: on the host's root a link could lead out of what is memory. */
    long resolve() {
        return Linux.RESOLVE_IN_ROOT | (hostRoot ? Linux.RESOLVE_NO_SYMLINKS : 0);
    }
}
