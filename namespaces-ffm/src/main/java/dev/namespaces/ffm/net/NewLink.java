package dev.namespaces.ffm.net;

import dev.namespaces.MacAddress;
import dev.namespaces.ffm.linux.Linux;
import dev.namespaces.ffm.net.NetStruct.Ifinfomsg;
import dev.namespaces.spi.InterfaceName;
import org.jspecify.annotations.Nullable;

/**
 * An interface that is to be made, with all that it is to have from the start.
 *
 * @param name its name
 * @param index its number, or 0 to let the kernel choose
 * @param mtu the largest packet in bytes, or 0 for the default
 * @param mac its hardware address, or null for one at random
 * @param master the index of the bridge that it becomes a port of, or 0
 * @param up whether it is brought up
 */
public record NewLink(String name, int index, int mtu, @Nullable MacAddress mac, int master, boolean up) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if one is none that an interface can have
     */
    public NewLink {
        InterfaceName.checked(name);
        if (index < 0 || mtu < 0 || master < 0) {
            throw new IllegalArgumentException("negative: " + index + ", " + mtu + " or " + master);
        }
        if (mac != null && !mac.isUnicast()) {
            throw new IllegalArgumentException("no interface can have the MAC address " + mac);
        }
    }

    /**
     * An interface of this name that is up.
     *
     * @param name its name
     * @return the same as all others but for the name
     */
    public static NewLink named(String name) {
        return new NewLink(name, 0, 0, null, 0, true);
    }

    /**
     * The same with a number.
     *
     * @param number the index
     * @return a copy
     */
    public NewLink at(int number) {
        return new NewLink(name, number, mtu, mac, master, up);
    }

    /**
     * The same as a port of a bridge.
     *
     * @param bridge the index
     * @return a copy
     */
    public NewLink portOf(int bridge) {
        return new NewLink(name, index, mtu, mac, bridge, up);
    }

    /**
     * The same with other limits and addresses.
     *
     * @param bytes the largest packet, or 0
     * @param address the hardware address, or null
     * @return a copy
     */
    public NewLink with(int bytes, @Nullable MacAddress address) {
        return new NewLink(name, index, bytes, address, master, up);
    }

    /**
     * The same, but down.
     *
     * @return a copy
     */
    public NewLink down() {
        return new NewLink(name, index, mtu, mac, master, false);
    }

    /** The structure at the beginning, as a message has it and, once more inside, the other end of a veth. */
    byte[] header() {
        return new Structure(Ifinfomsg.SIZE).set32(Ifinfomsg.INDEX, index)
                .set32(Ifinfomsg.FLAGS, up ? Linux.IFF_UP : 0).set32(Ifinfomsg.CHANGE, Linux.IFF_UP).bytes();
    }

    void write(Request request) {
        request.text(Attribute.IFLA_IFNAME, name);
        if (mtu != 0) {
            request.u32(Attribute.IFLA_MTU, mtu);
        }
        if (mac != null) {
            request.bytes(Attribute.IFLA_ADDRESS, mac.bytes());
        }
        if (master != 0) {
            request.u32(Attribute.IFLA_MASTER, master);
        }
    }
}
