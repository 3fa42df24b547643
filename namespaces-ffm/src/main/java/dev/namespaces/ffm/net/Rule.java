package dev.namespaces.ffm.net;

import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.Nfgenmsg;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A rule of nftables while it is written: expressions that each load something into the one register that is used here, compare that, or decide; see nft(8). What was
 * compared in vain ends the rule.
 */
final class Rule {

    private final String detail;
    private @Nullable String module;
    private final List<Consumer<Request>> expressions = new ArrayList<>();

    Rule(String detail) {
        this.detail = detail;
    }

    /** Names the module that the kernel may lack for it. */
    Rule needing(String name) {
        module = name;
        return this;
    }

    /** Loads what the kernel knows of a packet. */
    Rule meta(int key) {
        return expression("meta", it -> it.be32(Attribute.NFTA_META_KEY, key)
                .be32(Attribute.NFTA_META_DREG, Nftables.NFT_REG_1));
    }

    /** Loads what the kernel knows of the connection. */
    Rule connection(int key) {
        return expression("ct", it -> it.be32(Attribute.NFTA_CT_KEY, key)
                .be32(Attribute.NFTA_CT_DREG, Nftables.NFT_REG_1));
    }

    /** Loads a part of a packet. */
    Rule payload(int base, int offset, int length) {
        return expression("payload", it -> it.be32(Attribute.NFTA_PAYLOAD_DREG, Nftables.NFT_REG_1)
                .be32(Attribute.NFTA_PAYLOAD_BASE, base).be32(Attribute.NFTA_PAYLOAD_OFFSET, offset)
                .be32(Attribute.NFTA_PAYLOAD_LEN, length));
    }

    /** Clears bits of what is loaded. */
    Rule masked(byte[] mask) {
        return expression("bitwise", it -> it.be32(Attribute.NFTA_BITWISE_SREG, Nftables.NFT_REG_1)
                .be32(Attribute.NFTA_BITWISE_DREG, Nftables.NFT_REG_1)
                .be32(Attribute.NFTA_BITWISE_LEN, mask.length)
                .nest(Attribute.NFTA_BITWISE_MASK, () -> it.bytes(Attribute.NFTA_DATA_VALUE, mask))
                .nest(Attribute.NFTA_BITWISE_XOR, () -> it.bytes(Attribute.NFTA_DATA_VALUE, new byte[mask.length])));
    }

    /** Goes on if what is loaded is equal to something, or compares otherwise with it. */
    Rule compare(int operator, byte... value) {
        return expression("cmp", it -> it.be32(Attribute.NFTA_CMP_SREG, Nftables.NFT_REG_1)
                .be32(Attribute.NFTA_CMP_OP, operator)
                .nest(Attribute.NFTA_CMP_DATA, () -> it.bytes(Attribute.NFTA_DATA_VALUE, value)));
    }

    Rule isEqual(byte... value) {
        return compare(Nftables.NFT_CMP_EQ, value);
    }

    /** Lets the packet through. */
    Request accept() {
        expression("immediate", it -> it.be32(Attribute.NFTA_IMMEDIATE_DREG, Nftables.NFT_REG_VERDICT)
                .nest(Attribute.NFTA_IMMEDIATE_DATA, () -> it.nest(Attribute.NFTA_DATA_VERDICT,
                        () -> it.be32(Attribute.NFTA_VERDICT_CODE, Nftables.NF_ACCEPT))));
        return request();
    }

    /** Drops the packet, and tells whoever has sent it. */
    Request reject() {
        expression("reject", it -> it.be32(Attribute.NFTA_REJECT_TYPE, Nftables.NFT_REJECT_ICMPX_UNREACH)
                .bytes(Attribute.NFTA_REJECT_ICMP_CODE, new byte[]{Nftables.NFT_REJECT_ICMPX_ADMIN_PROHIBITED}));
        return request();
    }

    private Rule expression(String name, Consumer<Request> data) {
        expressions.add(it -> it.nest(Attribute.NFTA_LIST_ELEM, () -> it.text(Attribute.NFTA_EXPR_NAME, name)
                .nest(Attribute.NFTA_EXPR_DATA, () -> data.accept(it))));
        return this;
    }

    private Request request() {
        Request request = new Request(OutboundFilter.type(Nftables.NFT_MSG_NEWRULE),
                Rtnetlink.NLM_F_CREATE | Nftables.NLM_F_APPEND, Nfgenmsg.SIZE, Step.RESTRICT_OUTBOUND, detail)
                .needing(module == null ? OutboundFilter.MODULE : module)
                .field8(Nfgenmsg.FAMILY, Nftables.NFPROTO_INET)
                .text(Attribute.NFTA_RULE_TABLE, OutboundFilter.TABLE)
                .text(Attribute.NFTA_RULE_CHAIN, OutboundFilter.OUTPUT);
        return request.nest(Attribute.NFTA_RULE_EXPRESSIONS, () -> expressions.forEach(it -> it.accept(request)));
    }

    /** As the kernel counts. */
    static byte[] host32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    /** As packets have it. */
    static byte[] network16(int value) {
        return ByteBuffer.allocate(Short.BYTES).putShort((short) value).array();
    }
}
