package dev.namespaces.ffm.spawn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.program.Op;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;
import dev.namespaces.spi.UserSpec;

/** Adds the maps of a new user namespace. They come first: without them the child is nobody, and would lose its rights at an exec. */
final class IdOps {

    private IdOps() {}

    /** Whoever writes a gid map of its own must give up setgroups(2) first; user_namespaces(7). */
    static void add(ProgramBuilder b, UserSpec user, Ids ids) {
        boolean root = user.mapping() == UserSpec.Mapping.ROOT;
        write(b, "/proc/self/setgroups", "deny");
        write(b, "/proc/self/uid_map", (root ? 0 : ids.user()) + " " + ids.user() + " 1");
        write(b, "/proc/self/gid_map", (root ? 0 : ids.group()) + " " + ids.group() + " 1");
    }

    private static void write(ProgramBuilder b, String path, String content) {
        Op open = b.call(Sys.OPENAT, Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string(path),
                Operand.of(Linux.O_WRONLY | Linux.O_CLOEXEC, "O_WRONLY|O_CLOEXEC")).step(Step.MAP_IDS, "in " + path);
        Op write = b
                .call(Sys.WRITE, Operand.of(0), b.bytes('"' + content + '"', content.getBytes(US_ASCII)),
                        Operand.of(content.length()))
                .step(Step.MAP_IDS, "\"" + content + "\" in " + path);
        open.into("fd", write, 0);
    }
}
