package dev.namespaces.ffm.handle;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceHandle;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A handle. Its descriptor is closed once nobody uses it any more. */
public final class Handle implements NamespaceHandle {

    private final int descriptor;
    private final NamespaceKind kind;
    private final NamespaceId id;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Those who use the descriptor now, and the handle itself until it is closed. */
    private final AtomicInteger users = new AtomicInteger(1);

    Handle(int descriptor, NamespaceKind kind, NamespaceId id) {
        this.descriptor = descriptor;
        this.kind = kind;
        this.id = id;
    }

    /** The descriptor for a while, in which it stays open even if the handle is closed. */
    public final class Use implements AutoCloseable {

        private final AtomicBoolean over = new AtomicBoolean();

        private Use() {}

        /** Its number; no lower than {@link Opened#LOWEST}. */
        public int descriptor() {
            return descriptor;
        }

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                release();
            }
        }
    }

    /**
     * Begins to use the descriptor.
     *
     * @throws IllegalStateException if the handle is closed
     */
    public Use use() {
        int before = users.getAndUpdate(n -> n == 0 ? 0 : n + 1);
        if (before == 0) {
            throw closedException();
        }
        if (closed.get()) {
            release();
            throw closedException();
        }
        return new Use();
    }

    private void release() {
        if (users.decrementAndGet() == 0) {
            Syscalls.close(descriptor);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }

    @Override
    public NamespaceKind kind() {
        return kind;
    }

    @Override
    public NamespaceId id() {
        if (closed.get()) {
            throw closedException();
        }
        return id;
    }

    @Override
    public Optional<NamespaceHandle> owner() throws NamespaceException {
        return related(Linux.NS_GET_USERNS, "that owns " + this);
    }

    @Override
    public Optional<NamespaceHandle> parent() throws NamespaceException {
        if (kind != NamespaceKind.USER && kind != NamespaceKind.PID) {
            throw new IllegalStateException("only user and pid namespaces are nested, and this is " + this);
        }
        return related(Linux.NS_GET_PARENT, "that is the parent of " + this);
    }

    private Optional<NamespaceHandle> related(long request, String detail) throws NamespaceException {
        try (Use use = use()) {
            int other = Syscalls.ioctl(use.descriptor(), request, 0);
            return other == -Errno.EPERM ? Optional.empty() : Optional.of(Opened.handle(other, detail));
        }
    }

    @Override
    public long creatorUid() throws NamespaceException {
        if (kind != NamespaceKind.USER) {
            throw new IllegalStateException("only of user namespaces the creator is known, and this is " + this);
        }
        try (Use use = use(); Arena arena = Arena.ofConfined()) {
            MemorySegment uid = arena.allocate(ValueLayout.JAVA_INT);
            int result = Syscalls.ioctl(use.descriptor(), Linux.NS_GET_OWNER_UID, uid.address());
            if (result < 0) {
                throw Opened.refused(Step.INSPECT, toString(), -result, null);
            }
            return Integer.toUnsignedLong(uid.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Override
    public void pin(Path path) throws NamespaceException {
        try (Use use = use()) {
            Pin.make(this, use.descriptor(), path);
        }
    }

    private IllegalStateException closedException() {
        return new IllegalStateException("the handle of " + this + " is closed");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Handle handle && kind == handle.kind && id.equals(handle.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return kind.procName() + ":[" + id.inode() + "]";
    }
}
