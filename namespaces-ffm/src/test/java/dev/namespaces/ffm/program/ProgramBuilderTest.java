package dev.namespaces.ffm.program;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.namespaces.ffm.linux.Native;
import dev.namespaces.ffm.linux.Sys;
import org.junit.jupiter.api.Test;

class ProgramBuilderTest {

    private final ProgramBuilder b = new ProgramBuilder(Native.abi());

    @Test
    void aLabelHasOnePlace() {
        Label label = b.label("twice");
        b.place(label).returns(Operand.of(0));

        assertThatIllegalStateException().isThrownBy(() -> b.place(label))
                .withMessage("the label twice has its place already");
    }

    @Test
    void aLabelThatOpsGoToNeedsAPlace() {
        b.go(b.label("nowhere"));

        assertThatIllegalStateException().isThrownBy(b::build)
                .withMessage("go goes to nowhere, where there is no op");
    }

    @Test
    void aLabelNeedsAnOpBehindIt() {
        Label end = b.label("end");
        b.go(end);
        b.place(end);

        assertThatIllegalStateException().isThrownBy(b::build).withMessage("go goes to end, where there is no op");
    }

    @Test
    void theLastOpMustNotGoOn() {
        b.subtract(Operand.of(0), Operand.of(0));

        assertThatIllegalStateException().isThrownBy(b::build)
                .withMessage("subtract goes to the end, where there is no op");
    }

    @Test
    void aSystemCallMustSayWhatBecomesOfARefusal() {
        b.call(Sys.GETPID).onZero(b.label("unused"));
        b.returns(Operand.of(0));

        assertThatIllegalStateException().isThrownBy(b::build).withMessage("nothing is said of a refusal of getpid");
    }

    @Test
    void aPatchGoesToOnePlace() {
        b.subtract(new Operand.Patch("value"), new Operand.Patch("value"));
        b.returns(Operand.of(0));

        assertThatIllegalStateException().isThrownBy(b::build).withMessage("patched in two places: value");
    }
}
