package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.NamespaceSpec;
import dev.namespaces.spi.RunAsSpec;
import dev.namespaces.spi.UserSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the processes of a spawn are.
 *
 * <p>
 * Ids are changed in stage 2 alone, which has memory of its own: a change clears the dumpable flag of the memory, and it is never raised again where a
 * process of the new user could make use of that.
 *
 * @param maps the maps that the JVM sees to, or null where the child writes its own or has none
 * @param setUp whom stage 2 becomes as soon as there are maps: somebody who is mapped, or it could make no file and no user namespace
 * @param command whom it becomes before it executes the command
 * @param supplementary the command's supplementary groups, or null to leave them alone
 */
record Identity(@Nullable IdMaps maps, Ids setUp, Ids command, @Nullable List<Integer> supplementary) {

    /** To setresuid(2), the id that it has. */
    private static final int SAME = -1;
    private static final Ids UNCHANGED = new Ids(SAME, SAME);

    static Identity of(NamespaceSpec spec, Ids ids) throws NamespaceException {
        RunAsSpec runAs = spec.runAs();
        UserSpec user = spec.user();
        boolean setgroups = !IdMaps.isSetgroupsDeniedHere();
        if (!spec.has(NamespaceKind.USER)) {
            return of(null, UNCHANGED, UNCHANGED, runAs, setgroups);
        }
        if (user.mapping().isOwnIdAlone()) {
            if (runAs != null && user.mapping() == UserSpec.Mapping.CURRENT
                    && (runAs.user() != ids.user() || runAs.group() != ids.group())) {
                throw notMapped(runAs.user(), runAs.group(), "mapCurrent() maps " + ids.user() + " and " + ids.group()
                        + " alone");
            }
            return of(null, UNCHANGED, UNCHANGED, runAs, false);
        }
        IdMaps maps = IdMaps.of(user, ids, Capabilities.effective());
        Ids setUp = new Ids(inside(maps.users(), ids.user()), inside(maps.groups(), ids.group()));
        if (runAs == null && !setUp.equals(UNCHANGED) && !isRootOrSame(setUp)) {
            throw notMapped(ids.user(), ids.group(),
                    "neither the JVM's own ids are mapped nor id 0: say who with runAs(…)");
        }
        if (runAs != null) {
            check(runAs, maps);
        }
        return of(maps, setUp, setUp, runAs, !maps.denySetgroups());
    }

    private static Identity of(@Nullable IdMaps maps, Ids setUp, Ids otherwise, @Nullable RunAsSpec runAs,
            boolean setgroups) throws NamespaceException {
        if (runAs == null) {
            return new Identity(maps, setUp, otherwise,
                    otherwise.equals(UNCHANGED) || !setgroups ? null : List.of());
        }
        if (!setgroups && !runAs.supplementary().isEmpty()) {
            throw Refusals.exception(Step.CHANGE_IDS, "to supplementary groups " + runAs.supplementary(), Errno.EPERM,
                    "setgroups is denied: where nothing but its own group is mapped, to whoever lacks CAP_SETGID,"
                            + " or in the user namespace that this JVM is in");
        }
        return new Identity(maps, setUp, new Ids(runAs.user(), runAs.group()),
                setgroups ? runAs.supplementary() : null);
    }

    private static boolean isRootOrSame(Ids ids) {
        return (ids.user() == 0 || ids.user() == SAME) && (ids.group() == 0 || ids.group() == SAME);
    }

    /** Whom to become where the own id is not mapped. */
    private static int inside(IdMap map, int own) {
        if (map.hasOutside(Integer.toUnsignedLong(own))) {
            return SAME;
        }
        return map.hasInside(0) ? 0 : (int) map.ranges().getFirst().inside();
    }

    private static void check(RunAsSpec runAs, IdMaps maps) throws NamespaceException {
        if (!maps.users().hasInside(runAs.user()) || !maps.groups().hasInside(runAs.group())
                || !runAs.supplementary().stream().allMatch(maps.groups()::hasInside)) {
            throw notMapped(runAs.user(), runAs.group(), "no range covers them all: " + maps.users() + ", "
                    + maps.groups());
        }
    }

    private static NamespaceException notMapped(int user, int group, String why) {
        return Refusals.exception(Step.CHANGE_IDS, "to user " + Integer.toUnsignedString(user) + " and group "
                + Integer.toUnsignedString(group), Errno.EINVAL, why);
    }

    /** Whether the command has other ids than the JVM. */
    boolean changesIds() {
        return !command.equals(UNCHANGED) || !setUp.equals(UNCHANGED);
    }

    /** Whether the command is user 0, in its user namespace if it has one. */
    boolean isCommandRoot(NamespaceSpec spec, Ids ids) {
        if (spec.runAs() != null) {
            return spec.runAs().user() == 0;
        }
        if (!spec.has(NamespaceKind.USER) || spec.user().mapping() == UserSpec.Mapping.CURRENT) {
            return ids.user() == 0;
        }
        if (maps == null) {
            return true;
        }
        long own = Integer.toUnsignedLong(ids.user());
        return (maps.users().hasOutside(own) ? maps.users().inside(own) : command.user()) == 0;
    }

    /** As soon as there are maps. */
    void setUp(ProgramBuilder b) {
        if (!setUp.equals(UNCHANGED)) {
            setIds(b, setUp);
        }
    }

    /** Before there is a process with the command's ids: nobody of that user may trace one that has this memory, not even for a moment. */
    void protect(ProgramBuilder b) {
        if (changesIds()) {
            notDumpable(b);
        }
    }

    static void notDumpable(ProgramBuilder b) {
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Operand.of(0))
                .step(Step.CHANGE_IDS, "");
    }

    /** Before the command. */
    void becomeCommand(ProgramBuilder b, CommandCapabilities capabilities) {
        if (!command.equals(UNCHANGED)) {
            capabilities.keepOverChangeOfIds(b);
            changeIds(b);
        }
        capabilities.set(b);
    }

    private void changeIds(ProgramBuilder b) {
        List<Integer> groups = supplementary;
        if (groups != null) {
            ByteBuffer ids = ByteBuffer.allocate(groups.size() * Integer.BYTES).order(ByteOrder.nativeOrder());
            groups.forEach(ids::putInt);
            b.call(Sys.SETGROUPS, Operand.of(groups.size()), b.bytes(groups.toString(), ids.array()))
                    .step(Step.CHANGE_IDS, "to supplementary groups " + groups);
        }
        setIds(b, command);
        notDumpable(b); // the sysctl fs.suid_dumpable may say otherwise
    }

    private static void setIds(ProgramBuilder b, Ids ids) {
        Operand group = Operand.of(ids.group());
        Operand user = Operand.of(ids.user());
        b.call(Sys.SETRESGID, group, group, group).step(Step.CHANGE_IDS, "to group " + ids.group());
        b.call(Sys.SETRESUID, user, user, user).step(Step.CHANGE_IDS, "to user " + ids.user());
    }
}
