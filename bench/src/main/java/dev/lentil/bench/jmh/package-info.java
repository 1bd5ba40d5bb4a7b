/**
 * JMH benchmarks. Their classes say how much work one call does at least ({@link dev.lentil.bench.jmh.Measured}), so that a
 * time can be shown as a share of what the machine can do.
 */
package dev.lentil.bench.jmh;
