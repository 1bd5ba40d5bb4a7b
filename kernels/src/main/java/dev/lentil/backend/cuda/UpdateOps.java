package dev.lentil.backend.cuda;

import dev.lentil.nn.Optimizer;
import dev.lentil.plan.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The work of an update: one launch for each range of parameters that lie side by side and move alike. */
record UpdateOps(Bindings at) {
  /** Parameters that follow each other in memory, as elements from {@code first}, and how they move. */
  private record Range(String first, int offset, int count, float rateFactor, float weightDecay) {
    boolean goesOnWith(Range next) {
      return offset + count == next.offset && rateFactor == next.rateFactor && weightDecay == next.weightDecay;
    }

    Range joined(Range next) {
      return new Range(first, offset, count + next.count, rateFactor, weightDecay);
    }
  }

  void add(List<Op> ops, Step.Update step) {
    for (Range range : ranges(step)) {
      long w = at.parameters().address(range.first);
      long g = at.parameters().gradientAddress(range.first);
      long slot0 = at.parameters().slotAddress(0, range.first);
      long state = at.inbox(Inbox.STATE);
      ops.add(switch (step.optimizer()) {
        case Optimizer.Adam adam -> at.each("adam.cu", "adam", range.count, w, g, slot0,
            at.parameters().slotAddress(1, range.first), state, range.rateFactor, range.weightDecay,
            (float) (1 - adam.beta1()), (float) (1 - adam.beta2()), (float) adam.epsilon(), range.count);
        case Optimizer.Sgd sgd -> at.each("sgd.cu", "sgd", range.count, w, g, slot0, state, range.rateFactor,
            (float) sgd.momentum(), range.count);
      });
    }
  }

  private List<Range> ranges(Step.Update step) {
    var ranges = new ArrayList<Range>();
    step.moved().stream().map(moved -> range(step.optimizer(), moved)).sorted(Comparator.comparingInt(Range::offset))
        .forEach(range -> {
          if (!ranges.isEmpty() && ranges.getLast().goesOnWith(range)) {
            ranges.add(ranges.removeLast().joined(range));
          } else {
            ranges.add(range);
          }
        });
    return ranges;
  }

  private Range range(Optimizer optimizer, Step.Update.Moved moved) {
    double decay = switch (optimizer) {
      case Optimizer.Adam adam -> adam.weightDecay(moved.role());
      case Optimizer.Sgd _ -> 0;
    };
    String name = moved.parameter();
    return new Range(name, at.parameters().offset(name), at.parameters().extent(name), (float) moved.rateFactor(),
        (float) decay);
  }
}
