package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.program.StageTwoImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Root inside a sandbox, who tries to get at whoever enters it before that has become the command: at its memory, for which the kernel asks the same as for
 * ptrace(2), its descriptors, its program and its root directory. Prints what it has got at, until its standard input ends, and at last whether it has tried.
 */
final class Inmate {

    private static final String COMMAND = "true";
    /** Above its standard streams. */
    private static final int OTHERS = 3;

    private Inmate() {}

    static void main() throws IOException {
        System.out.println("ready");
        String self = Long.toString(ProcessHandle.current().pid());
        Set<String> known = new HashSet<>(Set.of("1", self));
        long tries = 0;
        while (System.in.available() == 0) {
            for (String name : Proc.names(Path.of("/proc"))) {
                if (Character.isDigit(name.charAt(0)) && !known.contains(name)) {
                    attack(Path.of("/proc", name));
                    tries++;
                }
            }
        }
        System.out.println("tried " + (tries > 0));
    }

    private static void attack(Path victim) {
        try {
            if (!Files.readSymbolicLink(victim.resolve("root")).toString().isEmpty()) {
                String name = Files.readString(victim.resolve("comm")).strip(); // afterwards: it may have become the command meanwhile
                if (!name.equals(COMMAND)) {
                    System.out.println("root of " + name);
                }
            }
        } catch (IOException _) {
            // refused, or gone
        }
        try {
            String program = Files.readSymbolicLink(victim.resolve("exe")).toString();
            if (!program.endsWith("/" + COMMAND) && !program.endsWith("coreutils")) {
                System.out.println("program " + program);
            }
        } catch (IOException _) {
            // refused, or gone
        }
        try (RandomAccessFile memory = new RandomAccessFile(victim.resolve("mem").toFile(), "rw")) {
            memory.seek(StageTwoImage.PROGRAM_ADDRESS);
            if (memory.read() >= 0) {
                System.out.println("memory of stage 2");
            }
        } catch (IOException _) {
            // refused, gone, or the command's, which has nothing there
        }
        for (String fd : List.copyOf(Proc.names(victim.resolve("fd")))) {
            try {
                String file = Files.readSymbolicLink(victim.resolve("fd").resolve(fd)).toString();
                if (Integer.parseInt(fd) >= OTHERS && !file.startsWith("/usr") && !file.startsWith("/etc")) { // the command's loader reads those
                    System.out.println("descriptor " + fd + " " + file);
                }
            } catch (IOException _) {
                // refused, or gone
            }
        }
    }
}
