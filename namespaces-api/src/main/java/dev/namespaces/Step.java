package dev.namespaces;

/** What the kernel refused, most of all the parts of a spawn and of the setting up of a network, for {@link NamespaceException#step()}. */
public enum Step {
    /** Opening or making what the standard streams are to be connected to. */
    OPEN_STREAM("open a standard stream"),
    /** Making the process together with its new namespaces. */
    CLONE("create the process and its namespaces"),
    /** Entering an existing namespace. */
    JOIN("enter"),
    /** Writing the user and group id maps of the new user namespace. */
    MAP_IDS("map user and group ids"),
    /** Keeping further user namespaces from being created inside. */
    FORBID_NESTED("forbid nested user namespaces"),
    /** Moving the clocks of the new time namespace. */
    SET_CLOCK("move a clock"),
    /** Changing the user, the group and the supplementary groups. */
    CHANGE_IDS("change the user and group ids"),
    /** Taking a capability away for good. */
    DROP_CAPABILITY("drop"),
    /** Giving a capability to the command. */
    ADD_CAPABILITY("add"),
    /** Making the new mount namespace's mounts private. */
    MOUNT_PROPAGATION("make mounts private"),
    /** Mounting a file system. */
    MOUNT("mount"),
    /** Finding the host's file that is to be mounted. */
    MOUNT_SOURCE("find the source"),
    /** Finding a mount point in the new root, or making it. */
    MOUNT_POINT("find or make the mount point"),
    /** Setting flags of a mount. */
    MOUNT_FLAGS("set the mount flags of"),
    /** Making a file, a directory or a link in the new root. */
    MAKE_FILE("make"),
    /** Setting permissions in the new root. */
    SET_MODE("set the permissions of"),
    /** Masking a path of the new root, or making it read-only. */
    PROTECT("protect"),
    /** Changing to the new root directory. */
    CHANGE_ROOT("change the root directory"),
    /** Setting the host name. */
    SET_HOSTNAME("set the host name"),
    /** Setting the NIS domain name. */
    SET_DOMAIN_NAME("set the domain name"),
    /** Bringing the loopback interface up. */
    LOOPBACK_UP("bring the loopback interface up"),
    /** Opening a socket to the kernel's networking, or talking to it. */
    NETLINK("talk to the kernel"),
    /** Reading interfaces, addresses, routes or neighbours. */
    READ_NETWORK("read"),
    /** Making an interface. */
    ADD_LINK("make the interface"),
    /** Changing an interface, or moving it. */
    CHANGE_LINK("change the interface"),
    /** Deleting an interface. */
    DELETE_LINK("delete the interface"),
    /** Giving an interface an address. */
    ADD_ADDRESS("add the address"),
    /** Taking an address from an interface. */
    DELETE_ADDRESS("delete the address"),
    /** Adding a route. */
    ADD_ROUTE("add the route"),
    /** Deleting a route. */
    DELETE_ROUTE("delete the route"),
    /** Adding a neighbour. */
    ADD_NEIGHBOUR("add the neighbour"),
    /** Deleting a neighbour. */
    DELETE_NEIGHBOUR("delete the neighbour"),
    /** Setting a sysctl of the network namespace. */
    SET_SYSCTL("set the sysctl"),
    /** Starting the program that leads out of the network. */
    OUTBOUND("make a way out"),
    /** Keeping what is sent from going elsewhere than is allowed. */
    RESTRICT_OUTBOUND("restrict the way out"),
    /** Setting how an interface queues packets. */
    QUEUE_PACKETS("set the queueing discipline"),
    /** Capturing packets, or writing them to their file. */
    CAPTURE("capture packets"),
    /** Starting a new session. */
    NEW_SESSION("start a new session"),
    /** Connecting the standard streams. */
    CONNECT_STREAM("connect a standard stream"),
    /** Closing the JVM's descriptors in the child. */
    CLOSE_DESCRIPTORS("close the inherited descriptors"),
    /** Setting {@code no_new_privs}. */
    NO_NEW_PRIVILEGES("set no_new_privs"),
    /** Giving the child signal dispositions and a signal mask of its own. */
    SIGNALS("reset signals"),
    /** Starting the init of the pid namespace. */
    START_INIT("start the init process"),
    /** Seeing to it that the process is killed when the JVM ends. */
    DIE_WITH_JVM("tie the process to the life of the JVM"),
    /** Keeping the command from pushing input into a terminal of the JVM's that it shares. */
    PROTECT_TERMINAL("protect the terminal"),
    /** Making the command's terminal its controlling one. */
    CONTROLLING_TERMINAL("take the controlling terminal"),
    /** Resizing the command's terminal. */
    RESIZE_TERMINAL("resize the terminal"),
    /** Entering the working directory. */
    CHANGE_DIRECTORY("change to the working directory"),
    /** Executing the program. */
    EXECUTE("execute"),
    /** Reading what the kernel says of the running command. */
    INSPECT("look at the process"),
    /** Opening a namespace that exists, to hold it by a handle. */
    OPEN_NAMESPACE("open the namespace"),
    /** Mounting a namespace on a file. */
    PIN("pin"),
    /** Taking a namespace off its file. */
    UNPIN("unpin"),
    /** Sending a signal. */
    SIGNAL("send a signal"),
    /** Waiting for the process. */
    WAIT("wait for the process");

    private final String words;

    Step(String words) {
        this.words = words;
    }

    /**
     * What was being done, as it stands in the message.
     *
     * @return a few words in the infinitive, such as {@code "mount"}
     */
    public String words() {
        return words;
    }
}
