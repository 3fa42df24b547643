package dev.namespaces.ffm.spawn;

import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.linux.Struct;
import dev.namespaces.ffm.program.Operand;
import dev.namespaces.ffm.program.ProgramBuilder;

/**
 * A message of one byte and one descriptor, in a program's data: unix(7), SCM_RIGHTS.
 *
 * @param header what sendmsg(2) and recvmsg(2) take
 * @param descriptor the word that holds the descriptor
 */
record DescriptorMessage(Operand.Data header, Operand.Data descriptor) {

    static DescriptorMessage add(ProgramBuilder b) {
        Operand.Data control = b.space("control", Struct.Cmsg.SPACE);
        b.word(control, Struct.Cmsg.LENGTH);
        b.word(control.plus(Struct.Cmsg.LEVEL), Linux.SOL_SOCKET | (long) Linux.SCM_RIGHTS << Integer.SIZE);
        Operand.Data part = b.space("part", Struct.Iovec.SIZE);
        b.address(part, b.space("byte", Long.BYTES));
        b.word(part.plus(Struct.Iovec.LENGTH), 1);
        Operand.Data header = b.space("{SCM_RIGHTS}", Struct.Msghdr.SIZE);
        b.address(header.plus(Struct.Msghdr.IOV), part);
        b.word(header.plus(Struct.Msghdr.IOV_LENGTH), 1);
        b.address(header.plus(Struct.Msghdr.CONTROL), control);
        b.word(header.plus(Struct.Msghdr.CONTROL_LENGTH), Struct.Cmsg.SPACE);
        return new DescriptorMessage(header, new Operand.Data(control.offset() + Struct.Cmsg.DATA, "&pidfd"));
    }

    /** Where a receiver is told how much of the message it got, and says how much it has room for. */
    Operand.Data controlLength() {
        return header.plus(Struct.Msghdr.CONTROL_LENGTH);
    }
}
