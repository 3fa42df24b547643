/** What the API hands to its implementation: plain records, and the provider that receives them. */
package dev.namespaces.spi;
