/** Floor 4: the provider. */
package dev.namespaces.ffm;
