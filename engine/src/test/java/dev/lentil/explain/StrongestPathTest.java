package dev.lentil.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.lentil.backend.Batch;
import dev.lentil.backend.RunState;
import dev.lentil.explain.StrongestPath.Field;
import dev.lentil.explain.StrongestPath.Link;
import dev.lentil.explain.StrongestPath.Making;
import dev.lentil.explain.StrongestPath.Term;
import dev.lentil.nn.Layer;
import dev.lentil.plan.Planner;
import dev.lentil.tensor.Shape;
import dev.lentil.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrongestPathTest {
  private static final double[] THIRD_OF_FOUR = {0, 0, 1, 0};

  private static double made(Link link) {
    return switch (link.making()) {
      case Making.Pixel _ -> link.value();
      case Making.Sum(List<Term> terms, double bias, int _) -> bias + terms.stream().mapToDouble(Term::product).sum();
      case Making.Normalized n ->
          (n.input() - n.mean()) / Math.sqrt(n.variance() + n.epsilon()) * n.gamma() + n.beta();
      case Making.Clipped(double input) -> Math.min(Math.max(input, 0), 6);
      case Making.Unchanged(double input) -> input;
    };
  }

  /** What is shown of a value gives that value, and its followed input is the value of the link before. */
  @ParameterizedTest
  @CsvSource({"reference, 1, 1e-12", "reference, 4, 1e-12", "cpu, 4, 1e-5"})
  void eachValueIsMadeOfTheOneBefore(String backend, int classes, double limit) {
    double worst = 0;
    try (var small = SmallClassifier.of(backend, classes)) {
      List<Link> links =
          StrongestPath
              .of(small.device(), small.bank(), small.image(), classes == 1 ? new double[] {-1} : THIRD_OF_FOUR)
              .links();
      assertInstanceOf(Layer.Input.class, links.getFirst().layer());
      assertEquals("predictions", links.getLast().layer().name());
      assertEquals(classes == 1 ? 0 : 2, links.getLast().channel());
      assertEquals(classes == 1 ? -1 : 1, links.getLast().toward());
      for (int i = 0; i < links.size(); i++) {
        Link link = links.get(i);
        worst = Math.max(worst, Math.abs(made(link) - link.value()) / (1 + Math.abs(link.value())));
        link.channelMap().ifPresent(map -> assertEquals(link.value(), map.at(link.row(), link.column())));
        if (i > 0) {
          follows(links.get(i - 1), link);
        }
      }
    }
    System.out.printf(
        "strongest path on %s, %d classes: worst difference between a value and what it is made of %.1e%n",
        backend, classes, worst);
    assertTrue(worst < limit, "worst " + worst);
  }

  /** Where a convolution makes the logits of each pixel, the path to one of them ends at its pixel. */
  @Test
  void toOnePixelsLogit() {
    try (var small = SmallClassifier.ofPixels("reference")) {
      var factors = new double[6 * 5 * 2];
      factors[(4 * 5 + 3) * 2 + 1] = 1;
      List<Link> links = StrongestPath.of(small.device(), small.bank(), small.image(), factors).links();
      Link last = links.getLast();
      assertEquals(List.of("logits", 4, 3, 1),
          List.of(last.layer().name(), last.row(), last.column(), last.channel()));
      for (int i = 1; i < links.size(); i++) {
        assertEquals(links.get(i).value(), made(links.get(i)), 1e-12);
        follows(links.get(i - 1), links.get(i));
      }
    }
  }

  private static void follows(Link before, Link link) {
    switch (link.making()) {
      case Making.Sum sum -> {
        Term strongest = sum.strongest();
        assertEquals(before.layer().name(), strongest.layer());
        assertEquals(List.of(before.row(), before.column(), before.channel()),
            List.of(strongest.row(), strongest.column(), strongest.channel()));
        assertEquals(before.value(), strongest.input());
        assertEquals(link.toward() * (strongest.weight() < 0 ? -1 : 1), before.toward());
        boolean some = sum.terms().stream().anyMatch(term -> link.toward() * term.product() > 0);
        double best = sum.terms().stream()
            .mapToDouble(term -> some ? link.toward() * term.product() : Math.abs(term.product())).max().orElseThrow();
        assertEquals(best, some ? link.toward() * strongest.product() : Math.abs(strongest.product()));
      }
      case Making.Normalized n -> {
        assertEquals(before.value(), n.input());
        assertEquals(link.toward() * (n.gamma() < 0 ? -1 : 1), before.toward());
      }
      case Making.Clipped(double input) -> assertEquals(before.value(), input);
      case Making.Unchanged(double input) -> assertEquals(before.value(), input);
      case Making.Pixel _ -> throw new AssertionError("a pixel has nothing before it");
    }
  }

  /** What speaks for an answer is followed, and where nothing does, the largest term. */
  @Test
  void ofASumTheTermThatDoesMostIsFollowed() {
    try (var small = SmallClassifier.of("reference", 1)) {
      var kernel = new double[20];
      Arrays.fill(kernel, -0.5);
      small.bank().write("predictions/kernel", Tensor.of(Shape.of(20, 1), kernel));
      Making.Sum nothing = dense(small, 1);
      assertTrue(nothing.strongest().product() < 0);
      assertTrue(nothing.terms().stream().allMatch(term -> term.product() >= nothing.strongest().product()));
      int least = IntStream.range(0, 20).filter(c -> nothing.terms().get(c).input() > 0).findFirst().orElseThrow();
      kernel[least] = 1e-3;
      small.bank().write("predictions/kernel", Tensor.of(Shape.of(20, 1), kernel));
      assertEquals(least, dense(small, 1).followed());
      assertEquals(nothing.followed(), dense(small, -1).followed());
    }
  }

  private static Making.Sum dense(SmallClassifier small, double factor) {
    return (Making.Sum) StrongestPath.of(small.device(), small.bank(), small.image(), factor).links().getLast()
        .making();
  }

  /** Another image outside the field leaves the value as it is; another pixel in each of its corners does not. */
  @Test
  void theFieldIsWhatAValueDependsOn() {
    try (var small = SmallClassifier.of("reference", 4)) {
      List<Link> links = StrongestPath.of(small.device(), small.bank(), small.image(), THIRD_OF_FOUR).links();
      for (Link link : links) {
        assertEquals(link.value(), again(small, link, outside(small.image(), link.field())), link::toString);
      }
      // of the stem, whose values no ReLU6 has clipped
      Link stem = links.stream().filter(link -> link.layer().name().equals("stem")).findFirst().orElseThrow();
      Field field = stem.field();
      assertEquals(3, field.height());
      assertEquals(3, field.width());
      assertTrue(stem.value() != again(small, stem, pixel(small.image(), field.top(), field.left())));
      assertTrue(stem.value() != again(small, stem, pixel(small.image(), field.top() + 1, field.left() + 1)));
      Field all = links.getLast().field();
      assertTrue(all.top() <= 0 && all.left() <= 0 && all.top() + all.height() >= 22 && all.left() + all.width() >= 18,
          all::toString);
    }
  }

  private static double again(SmallClassifier small, Link link, Tensor image) {
    String name = link.layer().name();
    if (link.layer() instanceof Layer.Input) {
      return image.get((link.row() * 18 + link.column()) * 3 + link.channel());
    }
    var plan = Planner.inference(small.network(), 1, small.device().fusions(), Set.of(name));
    try (var executable = small.device().compile(plan, small.bank())) {
      executable.run(Batch.of(Tensor.of(image.shape().batched(1), image.doubles())), RunState.inference());
      Tensor output = executable.read(name);
      return output.shape().rank() == 2
          ? output.get(link.channel())
          : FeatureMaps.channel(output, link.channel()).at(link.row(), link.column());
    }
  }

  private static Tensor outside(Tensor image, Field field) {
    double[] values = image.doubles().clone();
    for (int i = 0; i < values.length; i++) {
      int row = i / 3 / 18;
      int column = i / 3 % 18;
      boolean inside = row >= field.top() && row < field.top() + field.height() && column >= field.left()
          && column < field.left() + field.width();
      values[i] += inside ? 0 : 1;
    }
    return Tensor.of(image.shape(), values);
  }

  private static Tensor pixel(Tensor image, int row, int column) {
    double[] values = image.doubles().clone();
    values[(row * 18 + column) * 3] += 1;
    return Tensor.of(image.shape(), values);
  }

  @Test
  void aFactorForEachLogit() {
    try (var small = SmallClassifier.of("reference", 4)) {
      var error = assertThrows(IllegalArgumentException.class,
          () -> StrongestPath.of(small.device(), small.bank(), small.image(), 1));
      assertTrue(error.getMessage().contains("got 1 factors, but the network has 4 logits"), error::getMessage);
    }
  }
}
