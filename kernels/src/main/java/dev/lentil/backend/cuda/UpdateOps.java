package dev.lentil.backend.cuda;

import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The work of an update: one launch for each range of parameters that lie side by side. */
record UpdateOps(Bindings at) {
  private static final String FILE = "optimizer.cu";

  /** Parameters that follow each other in memory, as elements from {@code first}. */
  private record Range(String first, int offset, int count) {}

  void add(List<Op> ops, Step.Update step) {
    for (Range range : ranges(step.parameters())) {
      long w = at.parameters().address(range.first);
      long g = at.parameters().gradientAddress(range.first);
      long slot0 = at.parameters().slotAddress(0, range.first);
      long state = at.inbox(Inbox.STATE);
      ops.add(switch (step.optimizer()) {
        case Optimizer.Adam adam -> at.each(FILE, "adam", range.count, w, g, slot0,
            at.parameters().slotAddress(1, range.first), state, (float) (1 - adam.beta1()), (float) (1 - adam.beta2()),
            (float) adam.epsilon(), range.count);
        case Optimizer.Sgd sgd ->
            at.each(FILE, "sgd", range.count, w, g, slot0, state, (float) sgd.momentum(), range.count);
      });
    }
  }

  private List<Range> ranges(List<String> parameters) {
    CudaParameters bank = at.parameters();
    var ranges = new ArrayList<Range>();
    for (String name : parameters.stream().sorted(Comparator.comparingInt(bank::offset)).toList()) {
      int offset = bank.offset(name);
      if (!ranges.isEmpty() && ranges.getLast().offset + ranges.getLast().count == offset) {
        Range before = ranges.removeLast();
        ranges.add(new Range(before.first, before.offset, before.count + bank.extent(name)));
      } else {
        ranges.add(new Range(name, offset, bank.extent(name)));
      }
    }
    return ranges;
  }
}
