package dev.lentil.backend.cpu;

/** Batch normalisation with the moving statistics: a factor and a bias per channel. */
final class NormalizeOp extends Op.Range {
  private final Kernels kernels;
  private final Folded norm;
  private final int x;
  private final int y;
  private final int rows;

  NormalizeOp(Kernels kernels, Folded norm, int rows, int x, int y) {
    this.kernels = kernels;
    this.norm = norm;
    this.rows = rows;
    this.x = x;
    this.y = y;
  }

  @Override
  void refresh() {
    norm.refresh();
  }

  @Override
  int units() {
    return rows;
  }

  @Override
  int grain() {
    return 64;
  }

  @Override
  void range(Frame frame, int from, int to) {
    int c = norm.channels();
    kernels.scaleShift(to - from, c, frame.array(x), frame.offset(x) + from * c, norm.scale(), norm.bias(),
        frame.array(y), frame.offset(y) + from * c);
  }
}
