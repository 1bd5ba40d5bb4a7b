package dev.lentil.backend.cuda;

import dev.lentil.backend.cuda.driver.Stream;

/** A piece of a plan's work with all its addresses fixed, so that it can be repeated and recorded. */
@FunctionalInterface
interface Op {
  void enqueue(Stream stream);

  /** A call of a library that was told its stream when it was opened. */
  static Op of(Runnable call) {
    return _ -> call.run();
  }
}
