package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.program.Program;
import dev.namespaces.spi.CommandSpec;
import dev.namespaces.spi.NamespaceSpec;
import org.jspecify.annotations.Nullable;

/** Turns what the kernel refused into an exception. */
public final class Refusals {

    private Refusals() {}

    /** Of a step that needs nothing of the specification for its remedy. */
    public static NamespaceException exception(Step step, String detail, int errno) {
        return exception(step, detail, errno, Remedies.ofLimits(errno));
    }

    /** Of an op of a program. */
    static NamespaceException exception(Program.Refusal refusal, int errno, NamespaceSpec spec, CommandSpec command) {
        String program = command.arguments().getFirst();
        return switch (refusal.step()) {
            case EXECUTE -> exception(Step.EXECUTE, program, errno, MountRemedies.hasOwnRoot(spec)
                    ? MountRemedies.ofExecution(errno, program, command)
                    : Remedies.ofExecution(errno, program, command));
            case CHANGE_DIRECTORY -> exception(Step.CHANGE_DIRECTORY, String.valueOf(command.directory()), errno, null);
            case JOIN -> exception(Step.JOIN, refusal.detail(), errno, Remedies.ofJoin(errno, spec));
            case CLONE -> exception(Step.CLONE, refusal.detail(), errno, Remedies.ofClone(errno, spec));
            case MAP_IDS -> exception(Step.MAP_IDS, refusal.detail(), errno, Remedies.ofMaps(errno));
            case SET_CLOCK -> exception(Step.SET_CLOCK, refusal.detail(), errno, Remedies.ofClock(errno, spec));
            case SET_SYSCTL -> exception(Step.SET_SYSCTL, refusal.detail(), errno, Remedies.ofSysctl(errno));
            case RESTRICT_OUTBOUND ->
                exception(Step.RESTRICT_OUTBOUND, refusal.detail(), errno, Remedies.ofFilter(errno));
            case FORBID_NESTED ->
                exception(Step.FORBID_NESTED, refusal.detail(), errno, Remedies.ofNested(errno, refusal.detail()));
            case DROP_CAPABILITY -> exception(Step.DROP_CAPABILITY, refusal.detail(), errno,
                    Remedies.ofDroppedCapability(errno, spec));
            case CHANGE_IDS -> exception(Step.CHANGE_IDS, refusal.detail(), errno, Remedies.ofChangedIds(errno, spec));
            case MOUNT, MOUNT_PROPAGATION, MOUNT_SOURCE, MOUNT_POINT, MOUNT_FLAGS, MAKE_FILE, PROTECT, CHANGE_ROOT ->
                exception(refusal.step(), refusal.detail(), errno, MountRemedies.of(refusal, errno, spec));
            default -> exception(refusal.step(), refusal.detail(), errno);
        };
    }

    /** Of a step whose remedy is known. */
    public static NamespaceException exception(Step step, String detail, int errno, @Nullable String remedy) {
        return new NamespaceException(step, detail, errno, Errno.name(errno), Errno.text(errno), remedy);
    }
}
