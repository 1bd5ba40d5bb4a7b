package dev.lentil.plan;

/** What a fused step applies to its result before it writes it. */
public enum Activation { NONE, RELU6 }
