/** Floor 3: what a mount namespace contains, as ops. */
package dev.namespaces.ffm.mount;
