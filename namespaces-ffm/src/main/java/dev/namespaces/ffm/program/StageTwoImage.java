package dev.namespaces.ffm.program;

import dev.namespaces.ffm.linux.Abi;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.linux.Sys;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The executable of stage 2: a static ELF image that holds the interpreter and a boot program, and nothing else.
 *
 * <p>
 * The boot program maps what descriptor {@link #PROGRAM_FD} holds, privately and writable, at {@link #PROGRAM_ADDRESS}, closes the descriptor
 * and goes on at that program's first op. So whatever must not happen in memory shared with the JVM happens in a process of about four pages.
 */
public final class StageTwoImage {

    /** The descriptor on which the boot program finds its program. */
    public static final int PROGRAM_FD = 3;
    /** Where that program runs. */
    public static final long PROGRAM_ADDRESS = 0x201000000L;

    private static final long CODE_ADDRESS = 0x200000000L;
    /** Stands in the machine code too. */
    private static final long BOOT_ADDRESS = 0x200010000L;
    /** The largest page size of any kernel for AArch64; segments are aligned to it in the file, too. */
    private static final int ALIGNMENT = 0x10000;

    private static final int EHDR = 64;
    private static final int PHDR = 56;
    private static final int HEADERS = 3;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int READ = 4;
    private static final int WRITE = 2;
    private static final int EXECUTE = 1;

    private StageTwoImage() {}

    /**
     * The address of a word of the header that the interpreter uses in stage 2: the boot program's, whichever program it goes on with.
     *
     * @param offset such as {@link Op#REFUSED_OP}
     * @param text what it is called
     * @return the address
     */
    static Operand header(int offset, String text) {
        return Operand.of(BOOT_ADDRESS + offset, text);
    }

    /**
     * Makes the image.
     *
     * @param abi the architecture that it is for
     * @return the bytes of the file
     */
    public static byte[] elf(Abi abi) {
        byte[] code = abi.code().bytes();
        Program boot = boot(abi);
        int codeStart = EHDR + HEADERS * PHDR;
        ByteBuffer file = ByteBuffer.allocate(ALIGNMENT + boot.size()).order(ByteOrder.LITTLE_ENDIAN);

        file.put(new byte[]{0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}); // 64 bits, little-endian
        file.putShort((short) 2).putShort((short) abi.elfMachine()).putInt(1); // ET_EXEC
        file.putLong(CODE_ADDRESS + codeStart + abi.code().entry());
        file.putLong(EHDR).putLong(0).putInt(0);
        file.putShort((short) EHDR).putShort((short) PHDR).putShort((short) HEADERS).putShort((short) 0).putInt(0);
        segment(file, PT_LOAD, READ | EXECUTE, 0, CODE_ADDRESS, codeStart + code.length);
        segment(file, PT_LOAD, READ | WRITE, ALIGNMENT, BOOT_ADDRESS, boot.size());
        segment(file, PT_GNU_STACK, READ | WRITE, 0, 0, 0);
        file.put(code);

        boot.place(MemorySegment.ofBuffer(file.position(ALIGNMENT)), BOOT_ADDRESS);
        return file.array();
    }

    private static void segment(ByteBuffer file, int type, int flags, long offset, long address, long size) {
        file.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address).putLong(size).putLong(size)
                .putLong(ALIGNMENT);
    }

    private static Program boot(Abi abi) {
        ProgramBuilder b = new ProgramBuilder(abi);
        Label failed = b.label("failed");
        b.onRefusal(failed);
        Operand.Data stat = b.space("stat", Struct.Stat.SIZE);
        Operand program = Operand.of(PROGRAM_FD);
        b.call(Sys.FSTAT, program, stat);
        Op length = b.load64(stat.plus(Struct.Stat.LENGTH));
        Op map = b.call(Sys.MMAP, Operand.of(PROGRAM_ADDRESS), Operand.of(0),
                Operand.of(Linux.PROT_READ | Linux.PROT_WRITE),
                Operand.of(Linux.MAP_PRIVATE | Linux.MAP_FIXED), program, Operand.of(0));
        length.into("length", map, 1);
        b.call(Sys.CLOSE, program).then(Label.outside("program", PROGRAM_ADDRESS + Op.HEADER));
        b.place(failed);
        b.call(Sys.EXIT_GROUP, Operand.of(127)).then(failed);
        return b.build();
    }
}
