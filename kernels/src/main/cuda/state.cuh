// What changes from run to run, in device memory, so that a captured graph reads it anew each time. The host writes it
// before each run: dev.lentil.backend.cuda.Inbox.
#pragma once

struct RunState {
  unsigned seedLow, seedHigh;
  unsigned stage, step;
  float learningRate;
  float correctedRate;  // Adam's, with both bias corrections folded in
};
