package dev.namespaces.ffm.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.Step;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Syscalls;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeavesNothingBehind.class)
class PipeEndTest {

    /** The end of a child closes the pipe; run() once waited for the readiness of one that had been closed, and lost the output. */
    @Test
    void whoeverWaitsForReadinessIsToldOfTheClosing() throws Exception {
        long pipe = Descriptors.pipe(Step.OPEN_STREAM, "");
        PipeEnd end = new PipeEnd(Descriptors.reading(pipe), Linux.EPOLLIN);
        Semaphore told = new Semaphore(0);
        end.whenReady(told::release);

        end.close();

        assertThat(told.tryAcquire()).isTrue();
        Syscalls.close(Descriptors.writing(pipe));
    }
}
