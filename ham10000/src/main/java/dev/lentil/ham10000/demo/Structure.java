package dev.lentil.ham10000.demo;

/**
 * What a dermatoscope shows inside a lesion, by the names of the field (Kittler et al. 2016, standardised terminology).
 */
enum Structure {
  /** Brown lines in a honeycomb. */
  NETWORK,
  /** Brown dots and globules. */
  GLOBULES,
  /** Dark rays at the border. */
  STREAKS,
  /** A blue-white, structureless patch. */
  VEIL,
  /** Vessels that branch like a tree. */
  BRANCHED_VESSELS,
  /** Vessels seen end on. */
  DOTTED_VESSELS,
  /** Milia-like cysts, bright, and comedo-like openings, dark. */
  CYSTS,
  /** Blue-grey ovoid nests. */
  NESTS,
  /** Red or purple lagoons. */
  LACUNAE,
  /** Yellow-white scale. */
  SCALE,
  /** A white, scar-like centre. */
  SCAR
}
