/*
 * What a spawn into a network of its own costs without Java: the messages to the kernel that the library sends, in the same order, written out by hand.
 * At a request of TIMES (side.h) it starts a program in a new network namespace with the loopback interface up, one end of a pair with an address and a default route,
 * the other end outside with an address, and waits for the program's end.
 *
 *     net INSIDE OUTSIDE PROGRAM
 *
 * INSIDE and OUTSIDE are the names of the pair's ends.
 */
#include "side.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/veth.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define FIRST_INDEX 2 /* that of the first interface behind the loopback interface */

static const char *inside_name, *outside_name;
static char *command[2];
static int null_device;
static unsigned sequence;

static long check(long result, const char *call) {
    if (result < 0) {
        fprintf(stderr, "net: %s: %s\n", call, strerror(errno));
        _exit(1);
    }
    return result;
}

/* ---- messages */

static _Alignas(NLMSG_ALIGNTO) char datagram[4096], received[8192];
static size_t length;

static void *room(size_t size) {
    void *at = memset(datagram + length, 0, NLMSG_ALIGN(size));
    length += NLMSG_ALIGN(size);
    return at;
}

static struct nlmsghdr *begin(int type, int flags, const void *body, size_t size) {
    struct nlmsghdr *message = room(sizeof *message);
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | flags;
    message->nlmsg_seq = ++sequence;
    memcpy(room(size), body, size);
    return message;
}

static void end(struct nlmsghdr *message) {
    message->nlmsg_len = datagram + length - (char *) message;
}

static struct rtattr *nest(int type) {
    struct rtattr *attribute = room(sizeof *attribute);
    attribute->rta_type = type;
    return attribute;
}

static void end_nest(struct rtattr *attribute) {
    attribute->rta_len = datagram + length - (char *) attribute;
}

static void add(int type, const void *value, size_t size) {
    struct rtattr *attribute = nest(type);
    attribute->rta_len = RTA_LENGTH(size);
    memcpy(room(size), value, size);
}

static void add_text(int type, const char *text) {
    add(type, text, strlen(text) + 1);
}

static void add_number(int type, uint32_t number) {
    add(type, &number, sizeof number);
}

static void add_pair(pid_t there) {
    struct ifinfomsg one = {.ifi_index = FIRST_INDEX, .ifi_flags = IFF_UP, .ifi_change = IFF_UP}, other = {.ifi_change = IFF_UP};
    struct nlmsghdr *message = begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &one, sizeof one);
    add_text(IFLA_IFNAME, inside_name);
    add_number(IFLA_NET_NS_PID, there);
    struct rtattr *info = nest(IFLA_LINKINFO);
    add_text(IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(IFLA_INFO_DATA);
    struct rtattr *peer = nest(VETH_INFO_PEER);
    memcpy(room(sizeof other), &other, sizeof other);
    add_text(IFLA_IFNAME, outside_name);
    end_nest(peer);
    end_nest(data);
    end_nest(info);
    end(message);
}

static void bring_up(int index) {
    struct ifinfomsg link = {.ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    end(begin(RTM_SETLINK, 0, &link, sizeof link));
}

static void add_address(int index, const char *text, int flags) {
    struct ifaddrmsg body = {.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = index};
    struct nlmsghdr *message = begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | flags, &body, sizeof body);
    in_addr_t address = inet_addr(text);
    add(IFA_LOCAL, &address, sizeof address);
    add(IFA_ADDRESS, &address, sizeof address);
    end(message);
}

static void add_default_route(const char *gateway) {
    struct rtmsg body = {.rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
        .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST};
    struct nlmsghdr *message = begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, &body, sizeof body);
    in_addr_t address = inet_addr(gateway);
    add(RTA_GATEWAY, &address, sizeof address);
    end(message);
}

/* ---- conversations */

static void prepare(int socket) {
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct timeval patience = {.tv_sec = 10};
    int yes = 1;
    check(connect(socket, (struct sockaddr *) &kernel, sizeof kernel), "connect");
    check(setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "SO_RCVTIMEO");
    check(setsockopt(socket, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof yes), "NETLINK_EXT_ACK");
    check(setsockopt(socket, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof yes), "NETLINK_CAP_ACK");
}

/* Sends what has been written, and reads until the answer to the last message; returns what the last interface is linked to that was asked for. */
static int talk(int socket) {
    check(send(socket, datagram, length, MSG_NOSIGNAL), "send");
    length = 0;
    int linked_to = 0;
    for (;;) {
        int left = check(recv(socket, received, sizeof received, MSG_TRUNC), "recv");
        for (struct nlmsghdr *message = (void *) received; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
            if (message->nlmsg_type == NLMSG_ERROR) {
                errno = -((struct nlmsgerr *) NLMSG_DATA(message))->error;
                check(errno == 0 ? 0 : -1, "a message");
                if (message->nlmsg_seq == sequence) {
                    return linked_to;
                }
            }
            if (message->nlmsg_type == RTM_NEWLINK) {
                int rest = IFLA_PAYLOAD(message);
                for (struct rtattr *it = IFLA_RTA(NLMSG_DATA(message)); RTA_OK(it, rest); it = RTA_NEXT(it, rest)) {
                    if (it->rta_type == IFLA_LINK) {
                        linked_to = *(int *) RTA_DATA(it);
                    }
                }
            }
        }
    }
}

static int other_end_of(int socket, int index) {
    struct ifinfomsg link = {.ifi_index = index};
    struct nlmsghdr *message = begin(RTM_GETLINK, NLM_F_ACK, &link, sizeof link);
    add_number(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    end(message);
    return talk(socket);
}

static void make_network(int inside, pid_t there) {
    prepare(inside);
    int outside = check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    prepare(outside);
    add_pair(there);
    talk(outside);
    int other_end = other_end_of(inside, FIRST_INDEX);
    bring_up(other_end);
    add_address(other_end, "10.9.0.254", NLM_F_ACK);
    talk(outside);
    bring_up(1);
    add_address(FIRST_INDEX, "10.9.0.1", 0);
    add_default_route("10.9.0.254");
    talk(inside);
    close(outside);
}

/* ---- processes */

union control { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; };

static void send_descriptor(int to, int descriptor) {
    union control control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    struct iovec part = {.iov_base = "", .iov_len = 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    check(sendmsg(to, &message, MSG_NOSIGNAL), "sendmsg");
}

static int receive_descriptor(int from) {
    union control control;
    char byte;
    struct iovec part = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    check(recvmsg(from, &message, MSG_CMSG_CLOEXEC), "recvmsg");
    int descriptor;
    memcpy(&descriptor, CMSG_DATA(&control.header), sizeof descriptor);
    return descriptor;
}

static void child(int gate) {
    int inside = check(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    send_descriptor(gate, inside);
    char byte;
    if (read(gate, &byte, 1) != 1) {
        _exit(1);
    }
    for (int stream = 0; stream < 3; stream++) {
        dup3(null_device, stream, 0);
    }
    close_range(3, ~0U, 0);
    execve(command[0], command, environ);
    _exit(127);
}

static void spawn_and_wait(void) {
    int gate[2], pidfd;
    check(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, gate), "socketpair");
    struct clone_args arguments = {.flags = CLONE_NEWNET | CLONE_PIDFD | CLONE_CLEAR_SIGHAND, .pidfd = (uintptr_t) &pidfd,
        .exit_signal = SIGCHLD};
    pid_t pid = check(syscall(SYS_clone3, &arguments, sizeof arguments), "clone3");
    if (pid == 0) {
        child(gate[1]);
    }
    close(gate[1]);
    int inside = receive_descriptor(gate[0]);
    make_network(inside, pid);
    close(inside);
    check(send(gate[0], "", 1, MSG_NOSIGNAL), "send");
    siginfo_t info;
    check(waitid(P_PIDFD, pidfd, &info, WEXITED), "waitid");
    close(pidfd);
    close(gate[0]);
    if (info.si_code != CLD_EXITED || info.si_status != 0) {
        fprintf(stderr, "net: %s ended with %d\n", command[0], info.si_status);
        exit(1);
    }
}

static int64_t once(void) {
    int64_t start = now();
    spawn_and_wait();
    return now() - start;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: net INSIDE OUTSIDE PROGRAM\n");
        return 2;
    }
    inside_name = words[1];
    outside_name = words[2];
    command[0] = words[3];
    null_device = check(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null");
    for (struct request request; next_request(&request);) {
        answer_times(&request, once);
    }
    return 0;
}
