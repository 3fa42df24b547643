package dev.namespaces.ffm.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.ffm.linux.ChildJvm;
import dev.namespaces.ffm.spawn.LeavesNothingBehind;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a {@link MadKernel} can do: nothing but what is documented. */
@ExtendWith(LeavesNothingBehind.class)
@Tag("slow-under-emulation")
class FuzzTest {

    private static final int MANY = 1_000_000;

    @Test
    void aMillionMutatedMessagesAreReadOrMalformed() throws Exception {
        MadKernel kernel = new MadKernel();
        int wellFormed = 0;
        for (int i = 0; i < MANY; i++) {
            byte[] datagram = kernel.datagram();
            try {
                wellFormed += MadKernel.read(datagram, kernel.reader()) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + MadKernel.SEED + ", message " + i + ": " + Arrays.toString(datagram),
                        e);
            }
        }
        assertThat(wellFormed).as("well-formed, seed %d", MadKernel.SEED).isBetween(MANY / 20, MANY - MANY / 20);
    }

    @Test
    void readingThemAllocatesNoMoreThanTheirLengthAllows() throws Exception {
        String outcome = ChildJvm.of(Measuring.class, Long.toString(MadKernel.SEED)).options("-XX:-UseSerialGC",
                "-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-XX:-UseTLAB", "-Xmx640m",
                "-Dfuzz.seed=" + MadKernel.SEED).output();

        assertThat(outcome.strip()).isEqualTo("measured " + Measuring.MANY);
    }

    /** Looks at how much each message takes of a heap in which nothing is ever collected. */
    static final class Measuring {

        static final int MANY = 50_000;
        /** A message of sixteen bytes may become a record with a list of positions; of all, one may become an exception. */
        private static final int FOR_EACH_BYTE = 40;
        private static final int FOR_ALL = 2048;

        static void main() throws Exception {
            MadKernel kernel = new MadKernel();
            for (int i = 0; i < MANY / 10; i++) { // loads what there is to load
                MadKernel.read(kernel.datagram(), kernel.reader());
            }
            for (int i = 0; i < MANY; i++) {
                byte[] datagram = kernel.datagram();
                NetlinkSocket.Reader<?> reader = kernel.reader();
                long before = Runtime.getRuntime().freeMemory();
                MadKernel.read(datagram, reader);
                long allocated = before - Runtime.getRuntime().freeMemory();
                if (allocated > FOR_ALL + (long) FOR_EACH_BYTE * datagram.length) {
                    throw new AssertionError("seed " + MadKernel.SEED + ", message " + i + ": " + allocated
                            + " bytes allocated for " + Arrays.toString(datagram));
                }
            }
            System.out.println("measured " + MANY);
        }
    }
}
