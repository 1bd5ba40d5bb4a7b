package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Stream;

/** A piece of a plan's work with all its addresses fixed, so that it can be repeated and recorded. */
@FunctionalInterface
interface Op {
  void enqueue(Stream stream);
}
