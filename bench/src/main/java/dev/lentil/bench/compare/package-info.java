/** Lentil and another program measured in turn, in processes of their own. */
package dev.lentil.bench.compare;
