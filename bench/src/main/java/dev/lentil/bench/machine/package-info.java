/** What this machine can do at best, measured. */
package dev.lentil.bench.machine;
