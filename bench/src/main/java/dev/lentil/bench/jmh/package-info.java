/**
 * JMH benchmarks. Their classes say what one call does at the least ({@link dev.lentil.bench.jmh.Measured}), so that a
 * time becomes a share of what the machine can do.
 */
package dev.lentil.bench.jmh;
