/* Luck for the floors: xoshiro256++ (Blackman and Vigna 2021), set going by split-mix from a seed and a run. */

#include <stdint.h>

typedef struct { uint64_t word[4]; } luck_t;

static inline uint64_t rotated(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

static void begin_luck(luck_t *luck, uint64_t seed, uint64_t run) {
    uint64_t x = seed * 0x9e3779b97f4a7c15ULL + run;
    for (int i = 0; i < 4; i++) {
        uint64_t z = (x += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        luck->word[i] = z ^ (z >> 31);
    }
}

/* A number in [0, 1). */
static inline double uniform(luck_t *luck) {
    uint64_t *w = luck->word, out = rotated(w[0] + w[3], 23) + w[0], kept = w[1] << 17;
    w[2] ^= w[0];
    w[3] ^= w[1];
    w[1] ^= w[2];
    w[0] ^= w[3];
    w[2] ^= kept;
    w[3] = rotated(w[3], 45);
    return (double)(out >> 11) * 0x1.0p-53;
}
