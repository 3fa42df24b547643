package dev.namespaces.ffm.linux;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one place that calls native code.
 *
 * <p>
 * Every new call <em>shape</em> costs a fresh JVM 10 to 15 ms of linking, so there is one: seven longs in, a long out. libc's {@code syscall}
 * has it, and makes the few calls that map a page of machine code; from then on that page makes them, without libc and therefore without
 * {@code errno}: a system call's own result is the negative error number. It is called as it was linked, as a handle with an argument filled in is
 * another class to be made, even for the address.
 *
 * <p>
 * The page also holds the interpreter of the syscall programs of the next floor. Nothing here throws while it is initialized: callers would get
 * an {@link ExceptionInInitializerError} instead of a reason.
 */
public final class Native {

    /** The page size that maps need here: at most this on any kernel, and sizes may be larger than needed. */
    private static final long PAGE = 65536;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int OLDEST_MAJOR = 5;
    private static final int OLDEST_MINOR = 10;

    private static final Linked LINKED = link();
    private static final MethodHandle SHAPE = LINKED.shape();
    private static final MemorySegment SYSTEM_CALL = LINKED.systemCall();
    private static final MemorySegment INTERPRETER = LINKED.interpreter();
    private static final MemorySegment ALL = LINKED.memory();

    private record Linked(String failure, Abi abi, MethodHandle shape, MemorySegment systemCall,
            MemorySegment interpreter, MemorySegment memory) {

        static Linked failed(String why) {
            MethodHandle none = MethodHandles.empty(MethodType.methodType(long.class, MemorySegment.class,
                    Collections.nCopies(7, long.class).toArray(Class<?>[]::new)));
            return new Linked(why, Abi.X86_64, none, MemorySegment.NULL, MemorySegment.NULL, MemorySegment.NULL);
        }
    }

    private Native() {}

    /**
     * Why no native code can be called here.
     *
     * @return a sentence, empty where it can
     */
    public static String whyUnsupported() {
        return LINKED.failure();
    }

    /**
     * The architecture's ABI.
     *
     * @return the ABI of this JVM
     */
    public static Abi abi() {
        return LINKED.abi();
    }

    /**
     * All memory, so that an address can be used as an offset.
     *
     * @return a segment from address 0 to the end
     */
    public static MemorySegment memory() {
        return ALL;
    }

    /** Makes a system call and returns its result, a negative error number if it failed. */
    static long call(Sys call, long a0, long a1, long a2, long a3, long a4, long a5) {
        long number = LINKED.abi().number(call);
        try {
            return (long) SHAPE.invokeExact(SYSTEM_CALL, number, a0, a1, a2, a3, a4, a5);
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing", e);
        }
    }

    /**
     * Runs a syscall program in this thread.
     *
     * @param program the address of its header
     * @return what its RETURN op says
     */
    public static long interpret(long program) {
        try {
            return (long) SHAPE.invokeExact(INTERPRETER, program, 0L, 0L, 0L, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing", e);
        }
    }

    private static Linked link() {
        String why = whyNot(System.getProperty("os.name", ""), System.getProperty("os.arch", ""),
                System.getProperty("os.version", ""));
        Optional<Abi> abi = Abi.of(System.getProperty("os.arch", ""));
        if (!why.isEmpty() || abi.isEmpty()) {
            return Linked.failed(why);
        }
        try {
            return link(abi.get());
        } catch (IllegalCallerException e) {
            String module = Native.class.getModule().isNamed() ? Native.class.getModule().getName() : "ALL-UNNAMED";
            return Linked.failed("native access is denied to this JVM: start it with --enable-native-access=" + module);
        } catch (RuntimeException | LinkageError e) {
            return Linked.failed("native code cannot be linked: " + e);
        }
    }

    /** Why such a system cannot be supported, or the empty string. */
    static String whyNot(String system, String architecture, String release) {
        if (!system.equals("Linux")) {
            return "namespaces need Linux, and this is " + system;
        }
        if (Abi.of(architecture).isEmpty()) {
            return "namespaces support the architectures amd64 and aarch64, and this is " + architecture;
        }
        if (!KernelVersion.parse(release).atLeast(OLDEST_MAJOR, OLDEST_MINOR)) {
            return "namespaces need Linux " + OLDEST_MAJOR + "." + OLDEST_MINOR + " or newer, and this is " + release;
        }
        return "";
    }

    private static Linked link(Abi abi) {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        MethodHandle shape = linker
                .downcallHandle(FunctionDescriptor.of(word, word, word, word, word, word, word, word));
        MemorySegment libc = symbol(linker.defaultLookup(), "syscall");
        MemorySegment memory = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

        long page = required("mmap", bootstrap(shape, libc, abi.number(Sys.MMAP), 0, PAGE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1));
        byte[] code = abi.code().bytes();
        MemorySegment.copy(MemorySegment.ofArray(code), 0, memory, page, code.length);
        required("mprotect",
                bootstrap(shape, libc, abi.number(Sys.MPROTECT), page, PAGE, PROT_READ | PROT_EXEC, 0, 0));
        return new Linked("", abi, shape, MemorySegment.ofAddress(page + abi.code().systemCall()),
                MemorySegment.ofAddress(page + abi.code().interpreter()), memory);
    }

    private static MemorySegment symbol(SymbolLookup lookup, String name) {
        return lookup.find(name).orElseThrow(() -> new UnsatisfiedLinkError("libc has no " + name));
    }

    private static long bootstrap(MethodHandle shape, MemorySegment libc, long number, long a0, long a1, long a2,
            long a3, long a4) {
        try {
            return (long) shape.invokeExact(libc, number, a0, a1, a2, a3, a4, 0L);
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws nothing", e);
        }
    }

    private static long required(String call, long result) {
        if (result == -1) {
            throw new IllegalStateException(
                    call + " was refused: this process may not map executable memory (SELinux execmem?)");
        }
        return result;
    }

    /**
     * The environment as the C library keeps it: the address of an array of strings that ends with NULL.
     *
     * @return the address, or null where the C library has no {@code environ}
     */
    public static @Nullable Long environment() {
        return Linker.nativeLinker().defaultLookup().find("environ")
                .map(symbol -> symbol.reinterpret(Long.BYTES).asByteBuffer().order(ByteOrder.nativeOrder()).getLong())
                .orElse(null);
    }
}
