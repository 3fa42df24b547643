package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Label;
import dev.namespaces.ffm.program.Op;
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
 * @param joins whether stage 2 enters a user namespace, of which nobody has told who is mapped there
 */
record Identity(@Nullable IdMaps maps, Ids setUp, Ids command, @Nullable List<Integer> supplementary,
        boolean joins) {

    /** What the kernel shows of an id that is not mapped, unless the sysctl kernel.overflowuid says otherwise. */
    private static final int OVERFLOW_ID = 65534;

    static Identity of(Job job, Ids ids) throws NamespaceException {
        NamespaceSpec spec = job.spec();
        RunAsSpec runAs = spec.runAs();
        UserSpec user = spec.user();
        if (job.entrance().identity() != null) {
            return job.entrance().identity();
        }
        if (job.joins(NamespaceKind.USER)) {
            return new Identity(null, Ids.UNCHANGED,
                    runAs == null ? Ids.UNCHANGED : new Ids(runAs.user(), runAs.group()),
                    runAs == null ? null : runAs.supplementary(), true);
        }
        if (!spec.has(NamespaceKind.USER)) {
            return of(null, Ids.UNCHANGED, Ids.UNCHANGED, runAs, runAs != null && !IdMaps.isSetgroupsDeniedHere());
        }
        if (user.mapping().isOwnIdAlone()) {
            if (runAs != null && user.mapping() == UserSpec.Mapping.CURRENT
                    && (runAs.user() != ids.user() || runAs.group() != ids.group())) {
                throw notMapped(runAs.user(), runAs.group(), "mapCurrent() maps " + ids.user() + " and " + ids.group()
                        + " alone");
            }
            return of(job.entrance().isEmpty() ? null : IdMaps.ofOwn(user, ids), Ids.UNCHANGED, Ids.UNCHANGED, runAs,
                    false);
        }
        IdMaps maps = IdMaps.of(user, ids, Capabilities.effective());
        Ids setUp = new Ids(inside(maps.users(), ids.user()), inside(maps.groups(), ids.group()));
        if (runAs == null && !setUp.areUnchanged() && !isRootOrSame(setUp)) {
            throw notMapped(ids.user(), ids.group(),
                    "neither the JVM's own ids are mapped nor id 0: say who with runAs(…)");
        }
        if (runAs != null) {
            check(runAs, maps);
        }
        return of(maps, setUp, setUp, runAs, !maps.denySetgroups());
    }

    /** The same where the maps have been written before. */
    Identity mapped() {
        return new Identity(null, setUp, command, supplementary, joins);
    }

    private static Identity of(@Nullable IdMaps maps, Ids setUp, Ids otherwise, @Nullable RunAsSpec runAs,
            boolean setgroups) throws NamespaceException {
        if (runAs == null) {
            return new Identity(maps, setUp, otherwise,
                    otherwise.areUnchanged() || !setgroups ? null : List.of(), false);
        }
        if (!setgroups && !runAs.supplementary().isEmpty()) {
            throw Refusals.exception(Step.CHANGE_IDS, "to supplementary groups " + runAs.supplementary(), Errno.EPERM,
                    "setgroups is denied: where nothing but its own group is mapped, to whoever lacks CAP_SETGID,"
                            + " or in the user namespace that this JVM is in");
        }
        return new Identity(maps, setUp, new Ids(runAs.user(), runAs.group()),
                setgroups ? runAs.supplementary() : null, false);
    }

    private static boolean isRootOrSame(Ids ids) {
        return (ids.user() == 0 || ids.user() == Ids.SAME) && (ids.group() == 0 || ids.group() == Ids.SAME);
    }

    /** Whom to become where the own id is not mapped. */
    private static int inside(IdMap map, int own) {
        if (map.hasOutside(Integer.toUnsignedLong(own))) {
            return Ids.SAME;
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
        return joins || !command.areUnchanged() || !setUp.areUnchanged();
    }

    /** Whether the command is user 0, in its user namespace if it has one, as far as that is known. */
    boolean mayBeRoot(Job job, Ids ids) {
        NamespaceSpec spec = job.spec();
        if (spec.runAs() != null) {
            return spec.runAs().user() == 0;
        }
        if (joins || job.entrance().identity() != null) {
            return true;
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
        if (!setUp.areUnchanged()) {
            setIds(b, setUp);
        }
        if (joins) {
            becomeRootIfNobody(b);
        }
    }

    /** Becomes root if the JVM's user is not mapped in the user namespace that was entered. */
    private static void becomeRootIfNobody(ProgramBuilder b) {
        Label nobody = b.label("nobody");
        Label somebody = b.label("somebody");
        Op user = b.call(Sys.GETEUID).onZero(somebody);
        Op compare = b.subtract(Operand.of(0), Operand.of(OVERFLOW_ID, "nobody")).onZero(nobody).onPositive(somebody)
                .onNegative(somebody);
        user.into("user", compare, 0);
        b.place(nobody);
        setGroupsIfAllowed(b, List.of(), "drop supplementary groups");
        setIds(b, new Ids(0, 0));
        b.place(somebody);
    }

    /** In a user namespace where setgroups(2) may be denied, and then cannot be set. */
    private static void setGroupsIfAllowed(ProgramBuilder b, List<Integer> groups, String done) {
        Label go = b.label(done);
        setGroups(b, groups).onZero(go).onNegative(go);
        b.place(go);
    }

    static Op setGroups(ProgramBuilder b, List<Integer> groups) {
        ByteBuffer ids = ByteBuffer.allocate(groups.size() * Integer.BYTES).order(ByteOrder.nativeOrder());
        groups.forEach(ids::putInt);
        return b.call(Sys.SETGROUPS, Operand.of(groups.size()), b.bytes(groups.toString(), ids.array()))
                .step(Step.CHANGE_IDS, "to supplementary groups " + groups);
    }

    /** Before there is a process with the command's ids: nobody of that user may trace one that has this memory, not even for a moment. */
    void protect(ProgramBuilder b) {
        if (changesIds()) {
            notDumpable(b);
        }
    }

    static void notDumpable(ProgramBuilder b) {
        setDumpable(b, false);
    }

    static void setDumpable(ProgramBuilder b, boolean dumpable) {
        b.call(Sys.PRCTL, Operand.of(Linux.PR_SET_DUMPABLE, "PR_SET_DUMPABLE"), Operand.of(dumpable ? 1 : 0))
                .step(Step.CHANGE_IDS, "");
    }

    /** Before the command. */
    void becomeCommand(ProgramBuilder b, CommandCapabilities capabilities) {
        if (!command.areUnchanged()) {
            capabilities.keepOverChangeOfIds(b);
            changeIds(b);
        }
        capabilities.set(b);
    }

    private void changeIds(ProgramBuilder b) {
        List<Integer> groups = supplementary;
        if (groups != null && joins && groups.isEmpty()) {
            setGroupsIfAllowed(b, groups, "command's groups");
        } else if (groups != null) {
            setGroups(b, groups);
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
