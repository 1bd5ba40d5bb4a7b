// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011), laid out as dev.lentil.random.Philox documents: the same stream.
#pragma once

struct Philox {
  unsigned words[4];
};

__device__ inline Philox philox(unsigned c0, unsigned c1, unsigned c2, unsigned c3, unsigned k0, unsigned k1) {
  for (int round = 0; round < 10; round++) {
    unsigned long long product0 = 0xD2511F53ull * c0;
    unsigned long long product1 = 0xCD9E8D57ull * c2;
    c0 = (unsigned)(product1 >> 32) ^ c1 ^ k0;
    c1 = (unsigned)product1;
    c2 = (unsigned)(product0 >> 32) ^ c3 ^ k1;
    c3 = (unsigned)product0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  Philox out = {{c0, c1, c2, c3}};
  return out;
}

// Uniform in [0, 1): the upper 24 bits.
__device__ inline float uniform(unsigned word) { return (float)(word >> 8) * 5.9604644775390625e-8f; }
