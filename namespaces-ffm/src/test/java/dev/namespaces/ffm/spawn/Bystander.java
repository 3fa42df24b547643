package dev.namespaces.ffm.spawn;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A process that tries to trace every process that is started, and one more whose pid it is given, until its standard input ends: it opens their memory
 * for writing, for which the kernel asks the same as for ptrace(2). Prints each that it has got at, and at last how often it has tried.
 */
final class Bystander {

    /** How many pids before and behind the one that was given out last. */
    private static final int AROUND = 4;

    private Bystander() {}

    static void main(String[] arguments) throws IOException {
        System.out.println("ready");
        Path newest = Path.of("/proc/loadavg");
        long tries = 0;
        while (System.in.available() == 0) {
            String text = new String(Files.readAllBytes(newest), StandardCharsets.US_ASCII);
            long last = Long.parseLong(text.substring(text.lastIndexOf(' ') + 1).strip());
            for (long pid = last - AROUND; pid <= last + AROUND; pid++) {
                attack(pid);
                tries++;
            }
            attack(Long.parseLong(arguments[0]));
        }
        System.out.println("tried " + (tries > 0));
    }

    private static void attack(long pid) {
        try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "rw")) {
            memory.getFD().sync();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("/mem")) {
                return; // it could not be opened; if it could, only the sync has failed
            }
        }
        if (!Files.exists(Path.of("/proc/self/task/" + pid))) {
            System.out.println("traced " + pid);
        }
    }
}
