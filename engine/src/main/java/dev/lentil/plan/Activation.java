package dev.lentil.plan;

/** What a fused step applies to its result on the way out. */
public enum Activation { NONE, RELU6 }
