package dev.namespaces.ffm.mount;

import dev.namespaces.Namespace;
import dev.namespaces.NamespaceBuilder;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Sys;
import dev.namespaces.ffm.spawn.Filter;
import dev.namespaces.ffm.linux.OrdinaryUser;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

/** The circumstances in which a mount namespace must contain the same. */
enum Setting {
    /** In a user namespace, as its PID 1. */
    USER,
    /** The same, where a seccomp filter answers as kernels do that have no calls that take descriptors to mount with. */
    OLD_CALLS,
    /** The same, as kernels before 5.12 answer: flags are set mount by mount. */
    NO_ATTRIBUTES,
    /** As the host's root, under the init. */
    ROOT;

    /** The calls that it goes without. */
    private List<Sys> missing() {
        return switch (this) {
            case OLD_CALLS -> List.of(Sys.OPEN_TREE, Sys.MOVE_MOUNT);
            case NO_ATTRIBUTES -> List.of(Sys.MOUNT_SETATTR);
            default -> List.of();
        };
    }

    /** Those that whoever runs the tests can have. */
    static Stream<Setting> all() {
        return Stream.of(values()).filter(setting -> setting != ROOT || !OrdinaryUser.isSelf());
    }

    NamespaceBuilder builder() {
        return this == ROOT ? Namespace.builder().pid() : Namespace.builder().user().pid(pid -> pid.asPid1());
    }

    /** Runs a test in a thread without the missing calls. */
    void run(Invocation<@Nullable Void> test) throws Throwable {
        List<Sys> missing = missing();
        if (missing.isEmpty()) {
            test.proceed();
            return;
        }
        Optional<Throwable> failure = Filter.refusing(missing.getFirst(), Errno.ENOSYS, () -> {
            missing.stream().skip(1).forEach(call -> Filter.install(call, Errno.ENOSYS));
            try {
                test.proceed();
                return Optional.empty();
            } catch (Throwable e) {
                return Optional.of(e);
            }
        });
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
