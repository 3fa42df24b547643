/** Floor 3: rtnetlink, the kernel's own way to make and read networks. */
package dev.namespaces.ffm.net;
