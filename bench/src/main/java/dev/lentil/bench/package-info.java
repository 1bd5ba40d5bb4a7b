/** The command {@code lentil bench}: measures Lentil alone and beside other programs. */
package dev.lentil.bench;
