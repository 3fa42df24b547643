package dev.namespaces.ffm.net;

import dev.namespaces.Impairment;
import dev.namespaces.RateLimit;
import dev.namespaces.Step;
import dev.namespaces.ffm.net.NetStruct.TcNetemQopt;
import dev.namespaces.ffm.net.NetStruct.TcNetemRate;
import dev.namespaces.ffm.net.NetStruct.TcNetemReorder;
import dev.namespaces.ffm.net.NetStruct.TcTbfQopt;
import dev.namespaces.ffm.net.NetStruct.Tcmsg;

/** How interfaces queue the packets that they send: see tc(8). */
public final class Qdiscs {

    private static final long WHOLE = 0xffff_ffffL;

    private Qdiscs() {}

    /**
     * Impairs what an interface sends, in place of how it queued before; see tc-netem(8).
     *
     * @param link which
     * @param impairment how
     * @return the request
     */
    public static Request impair(LinkRef link, Impairment impairment) {
        Structure options = new Structure(TcNetemQopt.SIZE).set32(TcNetemQopt.LIMIT, impairment.limit())
                .set32(TcNetemQopt.LOSS, part(impairment.loss()))
                .set32(TcNetemQopt.GAP, impairment.reorder() > 0 ? 1 : 0);
        Structure reorder = new Structure(TcNetemReorder.SIZE).set32(TcNetemReorder.PROBABILITY,
                part(impairment.reorder()));
        long bytesPerSecond = impairment.bitsPerSecond() / Byte.SIZE;
        Structure rate = new Structure(TcNetemRate.SIZE).set32(TcNetemRate.RATE, saturated(bytesPerSecond));
        Request request = setting(link, "netem");
        // what is not said stays as it was before, so all is said
        return request.nest(Attribute.TCA_OPTIONS, () -> {
            request.raw(options.bytes()).u64(Attribute.TCA_NETEM_LATENCY64, impairment.delay().toNanos())
                    .u64(Attribute.TCA_NETEM_JITTER64, impairment.jitter().toNanos())
                    .bytes(Attribute.TCA_NETEM_REORDER, reorder.bytes()).bytes(Attribute.TCA_NETEM_RATE, rate.bytes());
            if (bytesPerSecond > WHOLE) {
                request.u64(Attribute.TCA_NETEM_RATE64, bytesPerSecond);
            }
        });
    }

    /**
     * Limits what an interface sends, in place of how it queued before; see tc-tbf(8).
     *
     * @param link which
     * @param limit how much
     * @return the request
     */
    public static Request limit(LinkRef link, RateLimit limit) {
        long rate = limit.bitsPerSecond() / Byte.SIZE;
        Structure parameters = new Structure(TcTbfQopt.SIZE)
                .set8(TcTbfQopt.RATE_LINKLAYER, Rtnetlink.TC_LINKLAYER_ETHERNET)
                .set32(TcTbfQopt.RATE_RATE, saturated(rate)).set32(TcTbfQopt.LIMIT, limit.limit());
        Request request = setting(link, "tbf");
        return request.nest(Attribute.TCA_OPTIONS, () -> {
            request.bytes(Attribute.TCA_TBF_PARMS, parameters.bytes()).u32(Attribute.TCA_TBF_BURST, limit.burst());
            if (rate > WHOLE) {
                request.u64(Attribute.TCA_TBF_RATE64, rate);
            }
        });
    }

    /**
     * Lets an interface queue as it did at first.
     *
     * @param link which
     * @return the request
     */
    public static Request reset(LinkRef link) {
        return request(Rtnetlink.RTM_DELQDISC, 0, link, "of " + link);
    }

    private static Request setting(LinkRef link, String kind) {
        return request(Rtnetlink.RTM_NEWQDISC, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE, link,
                kind + " of " + link).needing("sch_" + kind)
                .text(Attribute.TCA_KIND, kind);
    }

    private static Request request(int type, int flags, LinkRef link, String detail) {
        return new Request(type, flags, Tcmsg.SIZE, Step.QUEUE_PACKETS, detail).field32(Tcmsg.INDEX, link.index())
                .field32(Tcmsg.PARENT, Rtnetlink.TC_H_ROOT);
    }

    /** A probability, of which all 32 bits are the whole. */
    private static int part(double part) {
        return (int) Math.round(part * WHOLE);
    }

    /** Larger numbers are told in an attribute of their own. */
    private static int saturated(long rate) {
        return (int) Math.min(rate, WHOLE);
    }
}
