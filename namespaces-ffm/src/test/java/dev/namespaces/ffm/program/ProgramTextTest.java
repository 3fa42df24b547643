package dev.namespaces.ffm.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import org.junit.jupiter.api.Test;

class ProgramTextTest {

    @Test
    void aProgramIsPrintedAsStraceWouldPrintIt() {
        ProgramBuilder b = new ProgramBuilder(Native.abi());
        Label failed = b.label("failed");
        Label again = b.label("again");
        Label closed = b.label("closed");
        b.onRefusal(failed);
        Operand.Data buffer = b.space("buffer", 16);
        Op open = b.call(Sys.OPENAT, Operand.of(Linux.AT_FDCWD, "AT_FDCWD"), b.string("/dev/null"), Operand.of(0));
        b.place(again);
        Op read = b.call(Sys.READ, Operand.of(0), buffer.plus(8), Operand.of(8)).onZero(closed);
        b.call(Sys.WRITE, new Operand.Patch("out"), buffer, Operand.of(8)).then(again);
        b.place(closed);
        Op load = b.load64(read.result());
        Op compare = b.subtract(Operand.of(0), Operand.of(5)).onNegative(again).onPositive(failed);
        b.call(Sys.GETPID).into("pid", b.header(Op.FAILED, "&failed")).onNegative(again);
        b.go(failed);
        b.place(failed).returns(Operand.of(-1, "failure"));
        open.into("fd", read, 0);
        load.into("length", compare, 0);

        assertThat(String.join("\n", b.build().explain())).isEqualTo("""
                  fd = openat(AT_FDCWD, "/dev/null")
                again:
                  read(fd, buffer+8, 8)  [0 → closed]
                  write(<out>, buffer, 8) → again
                closed:
                  length = load64(&read)
                  subtract(length, 5)  [< 0 → again]  [> 0 → failed]
                  pid = getpid(0)  [< 0 → again]
                  go → failed
                failed:
                  return(failure)""");
    }
}
