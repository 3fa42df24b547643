package dev.namespaces.ffm.program;

import dev.namespaces.ffm.linux.Errno;

/** Branches by error number, made of the one comparison that there is: a subtraction whose result is zero. */
public final class Branches {

    private Branches() {}

    /** After a refusal of an op: to a label for some error numbers, to another for others, to a third otherwise. */
    public static void onErrno(ProgramBuilder b, Op op, int[] some, Label forSome, int[] others, Label forOthers,
            Label otherwise) {
        Label compare = b.label("errno of " + op.text());
        op.onNegative(compare);
        b.place(compare);
        Op previous = op;
        int subtracted = 0;
        for (int i = 0; i < some.length + others.length; i++) {
            boolean first = i < some.length;
            int errno = first ? some[i] : others[i - some.length];
            // previous = result + subtracted so far; now it becomes result + errno
            Op test = b.subtract(Operand.of(0), Operand.of(subtracted - errno, "-" + Errno.name(errno)))
                    .onZero(first ? forSome : forOthers);
            previous.into("error", test, 0);
            subtracted = errno;
            previous = test;
        }
        previous.onNegative(otherwise).onPositive(otherwise);
    }

    /** After a refusal of an op: to a label for some error numbers, to another otherwise. */
    public static void onErrno(ProgramBuilder b, Op op, int[] some, Label forSome, Label otherwise) {
        onErrno(b, op, some, forSome, new int[0], forSome, otherwise);
    }
}
