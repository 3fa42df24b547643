package dev.namespaces.ffm.linux;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * In what the architectures differ, as data.
 *
 * @param name as {@code os.arch} calls it
 * @param numbers the numbers of the system calls
 * @param epollEventSize the size of {@code struct epoll_event}, which is packed on x86-64 alone
 * @param epollDataOffset the offset of its {@code data}
 * @param elfMachine {@code e_machine} of an executable
 * @param directoryFlag {@code O_DIRECTORY}
 * @param noFollowFlag {@code O_NOFOLLOW}
 * @param conventions the ways in which programs of this machine make system calls, its own first
 * @param code the machine code of {@code src/main/asm}
 */
public record Abi(String name, ToIntFunction<Sys> numbers, int epollEventSize, int epollDataOffset, int elfMachine,
        int directoryFlag, int noFollowFlag, List<Convention> conventions, MachineCode code) {

    static final Abi X86_64 = new Abi("amd64", Sys::x86, 12, 4, 62, 0x10000, 0x20000,
            List.of(new Convention(0xc000003e, ~0x40000000, List.of(16, 514)), // with the bit or without, 514 being x32's
                    new Convention(0x40000003, ~0, List.of(54))),
            new MachineCode("""
                    53554889fd488d5f40488b034883f8ff7474488b7b084885c0784c488b7310488b53184c8b53204c8b43284c8b4b30
                    0f054885c0790848895d004889450848894338488b4b404885c974034889014885c0780e7406488b5b58ebae488b5b
                    50eba8488b5b48eba24883f8fe74104883f8fd7405486307ebc6488b07ebc14889f8482b4310ebb8488b43085d5bc3
                    4889f84889f74889d64889ca4d89c24d89c84c8b4c24080f05c348bf0000010002000000e94affffff""", 0, 0x8d,
                    0xa7));

    static final Abi AARCH64 = new Abi("aarch64", Sys::arm, 16, 8, 183, 0x4000, 0x8000,
            List.of(new Convention(0xc00000b7, ~0, List.of(29)), new Convention(0x40000028, ~0, List.of(54))),
            new MachineCode("""
                    eb0300aa09000191280140f91f0500b100040054200540f96802f8b7210941a9231142a9251940f9010000d44000f8
                    b6690100a9201d00f92a2140f94a0000b4400100f9c000f8b7600000b4292d40f9eeffff17292940f9ecffff172925
                    40f9eaffff171f0900b1e00000541f0d00b160000054000080b9efffff17000040f9edffff17210940f9000001cbea
                    ffff17200540f9c0035fd6e80300aae00301aae10302aae20303aae30304aae40305aae50306aa010000d4c0035fd6
                    2000a0d24000c0f2cfffff17""", 0, 0x98, 0xbc));

    /**
     * The ABI of an architecture.
     *
     * @param architecture as {@code os.arch} calls it
     * @return the ABI, or empty where there is none
     */
    public static Optional<Abi> of(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64", "arm64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }

    /**
     * A system call's number.
     *
     * @param call the system call
     * @return its number
     */
    public int number(Sys call) {
        return numbers.applyAsInt(call);
    }

    /**
     * A way to make system calls, as a seccomp filter sees it.
     *
     * @param audit {@code AUDIT_ARCH_…}
     * @param mask what of a number counts
     * @param ioctls the numbers of ioctl(2), masked
     */
    public record Convention(int audit, int mask, List<Integer> ioctls) {}

    /**
     * The machine code of an architecture; its source is in {@code src/main/asm}.
     *
     * @param hex the bytes in hexadecimal digits; white space does not count
     * @param interpreter the offset of the interpreter
     * @param systemCall the offset of the function that makes one system call
     * @param entry the offset at which the stage-2 image starts
     */
    public record MachineCode(String hex, int interpreter, int systemCall, int entry) {

        /**
         * The code itself.
         *
         * @return a new array
         */
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}
