package dev.namespaces.ffm.spawn;

import dev.namespaces.IdRange;
import dev.namespaces.NamespaceException;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.spi.RunAsSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who a process is, as it sees itself.
 *
 * @param directory the process's, below /proc
 * @param status its status
 * @param elsewhere whether it is in another user namespace than this JVM
 */
record Likeness(Path directory, ProcessStatus status, boolean elsewhere) {

    /** In a line of ids: real, effective, saved, and of the file system. */
    private static final int EFFECTIVE = 1;

    /** Whom a command has to run as to be the same; null where this JVM is that already. */
    @Nullable
    RunAsSpec runAs() throws NamespaceException {
        ProcessStatus own = ProcessStatus.ofThisThread();
        if (!elsewhere && List.of("Uid", "Gid", "Groups").stream()
                .allMatch(field -> status.numbers(field).equals(own.numbers(field)))) {
            return null;
        }
        int user = id(IdMap.Kind.USER, "Uid");
        int group = id(IdMap.Kind.GROUP, "Gid");
        List<Integer> supplementary = new ArrayList<>();
        if (!isSetgroupsDenied()) {
            List<IdRange> map = map(IdMap.Kind.GROUP);
            status.numbers("Groups")
                    .forEach(id -> inside(map, id).ifPresent(inside -> supplementary.add((int) inside)));
        }
        return new RunAsSpec(user, group, supplementary);
    }

    private boolean isSetgroupsDenied() {
        return Remedies.lines(directory.resolve("setgroups")).contains("deny");
    }

    private int id(IdMap.Kind kind, String field) throws NamespaceException {
        List<Long> ids = status.numbers(field);
        OptionalLong inside = ids.size() <= EFFECTIVE
                ? OptionalLong.empty()
                : inside(map(kind), ids.get(EFFECTIVE));
        if (inside.isEmpty()) {
            throw Refusals.exception(Step.JOIN, "process " + directory.getFileName(), Errno.EINVAL,
                    "its " + kind.text()
                            + " id is none of this JVM's user namespace: say with runAs(…) whom the command runs as");
        }
        return (int) inside.getAsLong();
    }

    private List<IdRange> map(IdMap.Kind kind) {
        return elsewhere ? IdMaps.ranges(directory.resolve(kind.file)) : List.of(new IdRange(0, 0, 0xFFFF_FFFFL));
    }

    private static OptionalLong inside(List<IdRange> map, long id) {
        Optional<IdRange> range = map.stream()
                .filter(r -> id >= r.outside() && id < r.outside() + r.count()).findFirst();
        return range.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(range.get().inside() + id - range.get().outside());
    }
}
