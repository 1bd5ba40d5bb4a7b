/** Counter-based random numbers: the same on every backend, for any number of threads and in any order. */
package dev.lentil.random;
