/** Floor 3: what a command is kept from. */
package dev.namespaces.ffm.confine;
