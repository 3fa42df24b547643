package dev.namespaces.ffm.net;

import dev.namespaces.NamespaceException;
import dev.namespaces.ffm.linux.Errno;
import dev.namespaces.ffm.net.NetStruct.Nlmsgerr;
import dev.namespaces.ffm.net.NetStruct.Nlmsghdr;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a request: {@code NLMSG_ERROR}, which may be an acknowledgement, or the {@code NLMSG_DONE} at the end of a list.
 *
 * @param errno the positive error number, 0 if all is well
 * @param words the kernel's own, or empty
 * @param offset where in the request the fault is, or -1
 */
record Answer(int errno, String words, int offset) {

    private static final int LARGEST_ERRNO = 4095;

    static Answer of(Message message) throws MalformedMessageException {
        boolean done = message.type() == Rtnetlink.NLMSG_DONE;
        int errno = -message.field32(Nlmsgerr.ERROR);
        if (done && errno < 0) {
            errno = 0; // the end of some lists is a number of bytes
        }
        if (errno < 0 || errno > LARGEST_ERRNO) {
            throw new MalformedMessageException("an error number of " + errno);
        }
        if (!message.has(Rtnetlink.NLM_F_ACK_TLVS)) {
            return new Answer(errno, "", -1);
        }
        Attributes details = message.attributes(done ? Integer.BYTES : behindRequest(message));
        return new Answer(errno, details.text(Attribute.NLMSGERR_ATTR_MSG),
                details.u32(Attribute.NLMSGERR_ATTR_OFFS, -1));
    }

    /** The answer repeats the request, or, where it is capped, its header. */
    private static int behindRequest(Message message) throws MalformedMessageException {
        if (message.has(Rtnetlink.NLM_F_CAPPED)) {
            return Nlmsgerr.SIZE;
        }
        int length = message.field32(Nlmsgerr.MESSAGE + Nlmsghdr.LENGTH);
        if (length < Nlmsghdr.SIZE || length > message.end() - message.start()) {
            throw new MalformedMessageException(
                    "an answer to a request of " + Integer.toUnsignedString(length) + " bytes");
        }
        return Nlmsgerr.MESSAGE + length;
    }

    /** For a request that was refused. */
    NamespaceException exception(Request request) {
        String detail = request.detail() + saying(request.attributeAt(offset));
        return new NamespaceException(request.step(), detail, errno, Errno.name(errno), Errno.text(errno),
                NetRemedies.of(errno, words, request));
    }

    private String saying(@Nullable Attribute attribute) {
        if (words.isEmpty() && attribute == null) {
            return "";
        }
        String where = attribute == null ? "" : "at " + attribute;
        return " (" + (words.isEmpty() ? where : "\"" + words + "\"" + (where.isEmpty() ? "" : " " + where)) + ")";
    }
}
