package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceKind;
import dev.namespaces.ffm.linux.KernelVersion;
import dev.namespaces.spi.MountStep;
import dev.namespaces.spi.NamespaceSpec;

/** What a kernel cannot mount, whatever its paths are. */
public final class MountSupport {

    private MountSupport() {}

    /**
     * Why this host cannot mount what a specification asks for.
     *
     * @param spec what to isolate
     * @return a sentence that names what is missing, or the empty string where nothing is
     */
    public static String whyUnsupported(NamespaceSpec spec) {
        return whyUnsupported(spec, KernelVersion.running(), Remedies.capable(Remedies.CAP_SYS_ADMIN));
    }

    static String whyUnsupported(NamespaceSpec spec, KernelVersion kernel, boolean mayMountOnHost) {
        String running = ", and this is " + kernel.major() + "." + kernel.minor();
        for (MountStep step : spec.mount().steps()) {
            if (step instanceof MountStep.Overlay && spec.has(NamespaceKind.USER) && !kernel.atLeast(5, 11)) {
                return "an overlay in a user namespace needs Linux 5.11" + running + ": " + step.target();
            }
            if (step instanceof MountStep.Bind bind && bind.ids() != null) {
                if (!kernel.atLeast(5, 12)) {
                    return "an idmapped bind needs Linux 5.12" + running + ": " + step.target();
                }
                if (!mayMountOnHost) {
                    return "an idmapped bind needs CAP_SYS_ADMIN on the host, which this process lacks: "
                            + step.target();
                }
            }
        }
        return "";
    }
}
