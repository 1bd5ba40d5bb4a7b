package dev.lentil.backend.cuda;

/** Memory for a single step, handed out piece by piece from its start; the next step begins anew. */
final class Scratch {
  private final SharedMemory memory;
  private long used;

  Scratch(SharedMemory memory) {
    this.memory = memory;
  }

  /** The address of so many bytes that nothing else has until {@link #clear}. */
  long take(long bytes) {
    long offset = used;
    used = Inbox.align(used + bytes);
    return memory.scratch(used) + offset;
  }

  /** Gives all of it back, for another step. */
  void clear() {
    used = 0;
  }
}
