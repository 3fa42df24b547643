package dev.namespaces.ffm.program;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints a program as text: a system call a line, as strace would write it, labels between them, and where it branches. */
final class ProgramText {

    private final List<Op> ops;
    private final List<Label> labels;

    ProgramText(List<Op> ops, List<Label> labels) {
        this.ops = ops;
        this.labels = labels;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Op op : ops) {
            for (Label label : labels) {
                if (label.index != null && label.index == op.index) {
                    lines.add(label.name + ":");
                }
            }
            lines.add("  " + call(op) + branches(op));
        }
        return lines;
    }

    private static String call(Op op) {
        if (op.name.equals("go")) {
            return "go";
        }
        StringBuilder line = new StringBuilder();
        if (op.result != null && !op.result.isEmpty()) {
            line.append(op.result).append(" = ");
        }
        line.append(op.name).append('(');
        int last = op.arguments.length;
        while (last > 1 && text(op.arguments[last - 1]).equals("0")) {
            last--;
        }
        for (int i = 0; i < last; i++) {
            line.append(i == 0 ? "" : ", ").append(text(op.arguments[i]));
        }
        return line.append(')').toString();
    }

    private static String text(Operand operand) {
        return switch (operand) {
            case Operand.Constant number -> number.text();
            case Operand.Data data -> data.text();
            case Operand.Header header -> header.text();
            case Operand.Word word -> "&" + word.op().name;
            case Operand.Flow flow -> flow.name();
            case Operand.Patch patch -> "<" + patch.name() + ">";
        };
    }

    private String branches(Op op) {
        if (op.onZero != null && op.onZero == op.onPositive && op.onZero == op.onNegative) {
            return " → " + op.onZero.name;
        }
        return branch("< 0", op.onNegative, op.number < 0) + branch("0", op.onZero, true)
                + branch("> 0", op.onPositive, true);
    }

    private static String branch(String when, @Nullable Label label, boolean always) {
        return label == null || (!always && label.name.equals("failed")) ? "" : "  [" + when + " → " + label.name + "]";
    }
}
