/** The time of an epoch that trains only the head, beside the times of its parts. */
package dev.lentil.bench.epoch;
