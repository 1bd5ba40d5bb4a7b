package dev.lentil.plan;

/**
 * A piece of memory that one or more values share in turn.
 *
 * @param size elements: for one sample if {@code placement} is {@code SAMPLE}, otherwise for the whole batch
 */
public record Slot(int id, Value.Placement placement, long size) {}
