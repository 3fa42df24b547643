package dev.namespaces.ffm.mount;

import dev.namespaces.MountFlag;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.program.Operand;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Mount flags as mount(2) and as mount_setattr(2) take them. */
final class Flags {

    private Flags() {}

    static Operand operand(Set<MountFlag> flags) {
        return Operand.of(bits(flags), text(flags));
    }

    static long bits(Set<MountFlag> flags) {
        return flags.stream().mapToLong(Flags::bit).reduce(0, (x, y) -> x | y);
    }

    private static long bit(MountFlag flag) {
        return switch (flag) {
            case READ_ONLY -> Linux.MS_RDONLY;
            case NOSUID -> Linux.MS_NOSUID;
            case NODEV -> Linux.MS_NODEV;
            case NOEXEC -> Linux.MS_NOEXEC;
            case NOATIME -> Linux.MS_NOATIME;
        };
    }

    static long attributes(Set<MountFlag> flags) {
        return flags.stream().mapToLong(Flags::attribute).reduce(0, (x, y) -> x | y);
    }

    private static long attribute(MountFlag flag) {
        return switch (flag) {
            case READ_ONLY -> Linux.MOUNT_ATTR_RDONLY;
            case NOSUID -> Linux.MOUNT_ATTR_NOSUID;
            case NODEV -> Linux.MOUNT_ATTR_NODEV;
            case NOEXEC -> Linux.MOUNT_ATTR_NOEXEC;
            case NOATIME -> Linux.MOUNT_ATTR_NOATIME;
        };
    }

    static String text(Set<MountFlag> flags) {
        return flags.isEmpty()
                ? "0"
                : EnumSet.copyOf(flags).stream()
                        .map(flag -> flag == MountFlag.READ_ONLY ? "MS_RDONLY" : "MS_" + flag.name())
                        .collect(Collectors.joining("|"));
    }
}
