package dev.namespaces.ffm.spawn;

import dev.namespaces.NamespaceException;
import dev.namespaces.NamespaceId;
import dev.namespaces.NamespaceKind;
import dev.namespaces.NamespaceProcess;
import dev.namespaces.Step;
import dev.namespaces.Usage;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Syscalls;
import dev.namespaces.ffm.net.MovedLinks;
import dev.namespaces.ffm.net.NetlinkSocket;
import dev.namespaces.spi.NamespaceSpec;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A child, known by its pidfd.
 *
 * <p>
 * Exactly one place reaps, {@link #reap}; it is called by the watcher and by whoever waits, first come, first served. Everything that uses the
 * descriptor holds the lock, so none uses it after that.
 */
final class ChildProcess extends NamespaceProcess {

    private static final int[] NORMAL_SIGNALS = {1, Linux.LAST_SIGNAL};
    /** How long a platform thread polls before it parks: a child that is quick is seen without a hand-over between threads. */
    private static final long POLL_NANOS = 2_000_000;

    private static final Set<Integer> LIVING = ConcurrentHashMap.newKeySet();

    private final int pid;
    private final Report report;
    private final Inspection inspection;
    private final boolean pidNamespace;
    private final boolean ownInit;
    private final boolean takesSigterm;
    private final boolean leadsGroup;
    private final boolean diesWithJvm;
    private final int[] pipes;
    private final @Nullable Terminal terminal;
    private final @Nullable NetlinkSocket network;
    private final @Nullable ChildProcess outbound;
    private final @Nullable MovedLinks moved;
    private final Runnable afterwards;
    private final CountDownLatch ended = new CountDownLatch(1);

    private int pidfd;
    private long watched = Watcher.NOTHING;
    private volatile @Nullable Ending ending;
    private @Nullable ProcessHandle handle;
    private @Nullable CompletableFuture<Process> exit;
    private @Nullable Runnable onEnd;
    private @Nullable PipeInput output;
    private @Nullable PipeInput errors;
    private @Nullable PipeOutput input;
    private @Nullable InputStream outputStream;
    private @Nullable InputStream errorStream;
    private @Nullable OutputStream inputStream;

    ChildProcess(Newborn child, Report report, Job job, StandardStreams streams) {
        NamespaceSpec spec = job.spec();
        this.pid = child.pid();
        this.pidfd = child.pidfd();
        this.network = child.network();
        this.outbound = child.outbound();
        this.moved = child.moved();
        this.afterwards = child.afterwards();
        LIVING.add(pid);
        this.report = report;
        this.pidNamespace = spec.has(NamespaceKind.PID);
        this.ownInit = report.isOfInit();
        this.inspection = job.joins(NamespaceKind.PID)
                ? Inspection.inJoinedNamespace(pid)
                : new Inspection(pid, ownInit && !job.holds() ? report.innerPid() : pidNamespace ? 1 : pid,
                        ownInit && !job.holds());
        this.takesSigterm = !pidNamespace || (ownInit && spec.pid().forwards(Linux.SIGTERM));
        int master = streams.takeTerminal();
        this.terminal = master < 0 ? null : new Terminal(master);
        this.leadsGroup = spec.process().newSession() || terminal != null;
        this.diesWithJvm = spec.process().dieWithJvm();
        this.pipes = new int[]{streams.take(0), streams.take(1), streams.take(2)};
    }

    /** Reaps a child that never came to run anything. */
    static void discard(int pidfd) {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            Syscalls.waitid(pidfd, buffer.address(), Linux.WEXITED, 0);
        }
        Syscalls.close(pidfd);
    }

    /** Has the watcher tell of the end, unless it has come by now: then the watcher would be woken for nothing, which a second thread that spawns pays for. */
    void watch() throws NamespaceException {
        reap();
        if (ending != null) {
            return;
        }
        long result = register();
        if (result < 0) {
            destroyForcibly();
            Uninterruptibly.await(ended::await);
            closeStreams();
            leaveNetwork();
            throw Refusals.exception(Step.WAIT, "", (int) -result);
        }
    }

    /** Has the watcher tell of the end; the result is negative if the kernel refuses it. */
    private synchronized long register() {
        watched = Watcher.get().when(pidfd, Linux.EPOLLIN, Linux.EPOLL_CTL_ADD, this::reap);
        return watched;
    }

    // ---- the end

    /** Waits for the child if it has ended, and tells everybody. */
    private void reap() {
        CompletableFuture<Process> future;
        Runnable listener;
        synchronized (this) {
            if (ending != null || !waited()) {
                return;
            }
            LIVING.remove(pid);
            Syscalls.close(pidfd);
            pidfd = -1;
            Watcher.get().cancel(watched);
            streamsOfTheEnded();
            future = exit;
            listener = onEnd;
        }
        if (outbound != null) {
            outbound.destroyForcibly();
        }
        if (moved != null) {
            moved.close();
        }
        if (diesWithJvm) {
            Guard.forget(this);
        }
        ended.countDown();
        afterwards.run();
        if (listener != null) {
            listener.run();
        }
        if (future != null) {
            complete(future);
        }
    }

    private boolean waited() {
        try (Buffers.Lease buffer = Buffers.borrow()) {
            buffer.clear(Struct.SigInfo.SIZE);
            long usage = buffer.address() + Struct.SigInfo.SIZE;
            int result = Syscalls.waitid(pidfd, buffer.address(), Linux.WEXITED | Linux.WNOHANG, usage);
            if (result < 0) {
                throw new IllegalStateException(
                        "somebody else has waited for the child " + pid + ": " + Errno.name(-result));
            }
            if (buffer.getInt(Struct.SigInfo.PID) == 0) {
                return false;
            }
            Ending own = Ending.of(buffer, Struct.SigInfo.SIZE);
            if (ownInit) {
                if (Syscalls.read(report.descriptor(), buffer.address(), SecondStage.END) == SecondStage.END) {
                    own = Ending.of(buffer);
                }
                Syscalls.close(report.descriptor());
            }
            ending = own;
            return true;
        }
    }

    /** Completed in a virtual thread: what hangs on it runs neither in the watcher nor in the common pool. */
    private void complete(CompletableFuture<Process> future) {
        Thread.ofVirtual().name("namespaces-exit-" + pid).start(() -> future.complete(this));
    }

    private Ending ended() {
        Ending known = ending;
        if (known == null) {
            throw new IllegalThreadStateException("process " + pid + " has not ended");
        }
        return known;
    }

    @Override
    public int exitValue() {
        return ended().exitValue();
    }

    @Override
    public OptionalInt terminationSignal() {
        int signal = ended().signal();
        return signal == 0 ? OptionalInt.empty() : OptionalInt.of(signal);
    }

    @Override
    public Usage usage() {
        return ended().usage();
    }

    @Override
    public boolean isAlive() {
        return ending == null;
    }

    @Override
    public synchronized CompletableFuture<Process> onExit() {
        CompletableFuture<Process> future = exit;
        if (future == null) {
            future = new CompletableFuture<>();
            exit = future;
            if (ending != null) {
                future.complete(this);
            }
        }
        return future.copy();
    }

    /** Runs something short in whatever thread sees the end, or at once if that has been seen. */
    void onEnd(Runnable listener) {
        synchronized (this) {
            if (ending == null) {
                onEnd = listener;
                return;
            }
        }
        listener.run();
    }

    // ---- waiting

    @Override
    public int waitFor() throws InterruptedException {
        if (!hasEndedSoon(POLL_NANOS)) {
            ended.await();
        }
        return exitValue();
    }

    @Override
    public boolean waitFor(Duration duration) throws InterruptedException {
        return waitFor(TimeUnit.NANOSECONDS.convert(duration), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        return hasEndedSoon(Math.min(POLL_NANOS, unit.toNanos(timeout)))
                || ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** Whether it has ended by now, or does so while a platform thread polls for a moment. */
    private boolean hasEndedSoon(long nanos) throws InterruptedException {
        if (ending != null) {
            return true;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (nanos > 0 && !Thread.currentThread().isVirtual() && takeOver()) {
            boolean handedBack;
            do {
                try {
                    poll(nanos);
                } finally {
                    handedBack = handBack();
                }
            } while (!handedBack);
        }
        return ending != null;
    }

    /** Takes the descriptor from the watcher, which the end would wake as well, for nothing, unless another thread has done so. */
    private synchronized boolean takeOver() {
        if (ending != null || watched < 0) {
            return false;
        }
        Watcher watcher = Watcher.get();
        watcher.forget(pidfd);
        watcher.cancel(watched);
        watched = Watcher.NOTHING;
        return true;
    }

    private void poll(long nanos) {
        int polled = pidfd; // the watcher may be reaping all the same: a descriptor that is closed, or even another's, does no harm
        if (polled < 0) {
            return;
        }
        try (Buffers.Lease buffer = Buffers.borrow()) {
            buffer.setLong(0, polled | (long) Linux.POLLIN << 32);
            buffer.setLong(8, 0);
            buffer.setLong(16, nanos);
            if (Syscalls.ppoll(buffer.address(), 1, buffer.address() + 8) > 0) {
                reap();
            }
        }
    }

    /** Whether the watcher has it again, if it has not ended; short of memory, the kernel may refuse that. */
    private synchronized boolean handBack() {
        return ending != null || register() >= 0;
    }

    // ---- signals

    @Override
    public void destroy() {
        send(Linux.SIGTERM);
    }

    @Override
    public NamespaceProcess destroyForcibly() {
        send(Linux.SIGKILL);
        return this;
    }

    @Override
    public boolean supportsNormalTermination() {
        return takesSigterm;
    }

    @Override
    public void signal(int number) throws NamespaceException {
        if (number < NORMAL_SIGNALS[0] || number > NORMAL_SIGNALS[1]) {
            throw new IllegalArgumentException("no such signal: " + number);
        }
        int result = send(number);
        if (result < 0 && result != -Errno.ESRCH) {
            throw Refusals.exception(Step.SIGNAL, Integer.toString(number), -result);
        }
    }

    private synchronized int send(int signal) {
        return ending == null ? Syscalls.pidfdSendSignal(pidfd, signal) : 0;
    }

    /** Takes the calling thread into its namespaces. A negative result is an error number. */
    synchronized int enter(long flags) {
        return ending == null ? Syscalls.setns(pidfd, flags) : -Errno.ESRCH;
    }

    /** A socket of its network namespace, if one was kept, closed when this is. */
    @Nullable
    NetlinkSocket network() {
        return network;
    }

    /** Whether a pid is that of a child that has not been waited for. */
    static boolean isOurs(long pid) {
        return LIVING.contains((int) pid);
    }

    /** A copy of its pidfd; of an ended child there is none, and the result is a negative error number. */
    synchronized int copyDescriptor(int lowest) {
        return ending == null ? Syscalls.fcntl(pidfd, Linux.F_DUPFD_CLOEXEC, lowest) : -Errno.ESRCH;
    }

    /** Does something with the descriptor, unless the child has ended. */
    synchronized int registerWith(IntUnaryOperator guard) {
        return ending == null ? guard.applyAsInt(pidfd) : 0;
    }

    @Override
    public void close() {
        kill();
        closeStreams();
        leaveNetwork();
    }

    private void leaveNetwork() {
        if (network != null) {
            network.close();
        }
        if (outbound != null) {
            outbound.close();
        }
        if (moved != null) {
            moved.close(); // perhaps again: it is back when this returns
        }
    }

    /** Kills it and what it has started, and waits for its end; the streams stay readable. */
    void kill() {
        if (ending == null) {
            killTree();
            Uninterruptibly.await(ended::await);
        }
    }

    /** With a pid namespace the kernel kills the rest when its first process dies. */
    private void killTree() {
        if (pidNamespace) {
            destroyForcibly();
            return;
        }
        try (ProcessTree tree = ProcessTree.stopped(toHandle())) {
            synchronized (this) {
                if (ending == null && leadsGroup) {
                    Syscalls.kill(-(long) pid, Linux.SIGKILL);
                }
            }
            destroyForcibly();
            tree.kill();
        }
    }

    @Override
    protected void resizeTerminal(int rows, int columns) throws NamespaceException {
        if (terminal == null) {
            throw new IllegalStateException("standard input is no terminal of its own");
        }
        terminal.resize(rows, columns);
    }

    // ---- what is known of it

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public synchronized long commandPid() throws NamespaceException {
        return inspection.commandPid(ending == null);
    }

    @Override
    public long innerPid() {
        return inspection.innerPid();
    }

    @Override
    public synchronized Map<NamespaceKind, NamespaceId> namespaces() throws NamespaceException {
        return inspection.namespaces(ending == null);
    }

    @Override
    public synchronized ProcessHandle toHandle() {
        ProcessHandle known = handle;
        if (known == null) {
            known = ending == null
                    ? ProcessHandle.of(pid).orElseGet(() -> new EndedProcessHandle(pid))
                    : new EndedProcessHandle(pid);
            handle = known;
        }
        return known;
    }

    @Override
    public ProcessHandle.Info info() {
        return toHandle().info();
    }

    @Override
    public Stream<ProcessHandle> children() {
        return toHandle().children();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return toHandle().descendants();
    }

    // ---- streams, made when they are first asked for

    @Override
    public synchronized OutputStream getOutputStream() {
        OutputStream stream = inputStream;
        if (stream == null) {
            PipeOutput pipe = input();
            stream = pipe == null ? Closed.output() : new BufferedOutputStream(pipe);
            inputStream = stream;
        }
        return stream;
    }

    @Override
    public synchronized InputStream getInputStream() {
        InputStream stream = outputStream;
        if (stream == null) {
            PipeInput pipe = output();
            stream = pipe == null ? InputStream.nullInputStream() : new BufferedInputStream(pipe);
            outputStream = stream;
        }
        return stream;
    }

    @Override
    public synchronized InputStream getErrorStream() {
        InputStream stream = errorStream;
        if (stream == null) {
            PipeInput pipe = errors();
            stream = pipe == null ? InputStream.nullInputStream() : new BufferedInputStream(pipe);
            errorStream = stream;
        }
        return stream;
    }

    private synchronized @Nullable PipeOutput input() {
        if (input == null && pipes[0] >= 0) {
            input = new PipeOutput(pipes[0]);
        }
        return input;
    }

    synchronized @Nullable PipeInput output() {
        if (output == null && pipes[1] >= 0) {
            output = new PipeInput(pipes[1]);
        }
        return output;
    }

    synchronized @Nullable PipeInput errors() {
        if (errors == null && pipes[2] >= 0) {
            errors = new PipeInput(pipes[2]);
        }
        return errors;
    }

    private void streamsOfTheEnded() {
        if (terminal != null) {
            terminal.close();
        }
        PipeOutput stdin = input();
        if (stdin != null) {
            stdin.close();
        }
        PipeInput stdout = output();
        if (stdout != null) {
            stdout.childEnded();
        }
        PipeInput stderr = errors();
        if (stderr != null) {
            stderr.childEnded();
        }
    }

    private synchronized void closeStreams() {
        if (terminal != null) {
            terminal.close();
        }
        PipeOutput stdin = input();
        if (stdin != null) {
            stdin.close();
        }
        PipeInput stdout = output();
        if (stdout != null) {
            stdout.close();
        }
        PipeInput stderr = errors();
        if (stderr != null) {
            stderr.close();
        }
    }

    @Override
    public String toString() {
        Ending known = ending;
        return "NamespaceProcess[pid=" + pid + ", " + (known == null ? "running" : "exit value " + known.exitValue())
                + "]";
    }
}
