/* Random numbers; `streams.py` says the same in plain Python. */

#ifndef STANDOFF_DRAWS_H
#define STANDOFF_DRAWS_H

#include "types.h"

#define MOST_DRAWN 1000000.0
#define TO_UNIT (1.0 / 9007199254740992.0)

struct words {
    uint64_t first;
    uint64_t second;
};

/* The two words at a position of a stream: Philox4x32-10. */
INLINE struct words words_at(uint64_t key, uint64_t counter) {
    uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0;
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (struct words){(uint64_t)c1 << 32 | c0, (uint64_t)c3 << 32 | c2};
}

/* A word as a number in [0, 1). */
INLINE double unit(uint64_t word) {
    return (double)(int64_t)(word >> 11) * TO_UNIT;
}

/* The next number of a stream. */
INLINE double next_uniform(uint64_t *stream) {
    if (stream[HAS_SPARE]) {
        stream[HAS_SPARE] = 0;
        return unit(stream[SPARE]);
    }
    struct words words = words_at(stream[KEY], stream[COUNTER]);
    stream[COUNTER] += 1;
    stream[SPARE] = words.second;
    stream[HAS_SPARE] = 1;
    return unit(words.first);
}

/* The exponential number with mean 1 that belongs to a uniform one. */
INLINE double exponential_of(double uniform) {
    return -c_library.log(1.0 - uniform);
}

#endif
