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

/* How many positions of a stream are worked out at once, in half the time that they take one by one. */
#define AHEAD 8
#define RULES_KNOWN 64
#define NOTHING_GUESSED UINT64_MAX

typedef uint64_t lanes __attribute__((vector_size(8 * AHEAD)));

/* What is worked out of one stream before it is drawn: the words at some positions, and one exponential number for the
   position that was guessed as rule `guesser` fired. Firings of the rules in `moves` have proved such a guess wrong. */
struct ahead {
    uint64_t from;
    uint64_t first[AHEAD];
    uint64_t second[AHEAD];
    uint64_t guessed;
    double exponential;
    uint64_t guesser;
    bool moves[RULES_KNOWN];
};

/* As words_at, for positions in a row. */
static __attribute__((noinline)) void draw_ahead(struct ahead *ahead, uint64_t key, uint64_t counter) {
    /* Only the lower half of each lane counts; what is above it is left as it is until the end. */
    const lanes low = (lanes){0} + UINT32_MAX, steps = {0, 1, 2, 3, 4, 5, 6, 7};
    lanes c0 = counter + steps, c1 = c0 >> 32, c2 = {0}, c3 = {0}, k0 = key + c2, k1 = k0 >> 32;
#pragma clang loop unroll(full)
    for (int round = 0; round < 10; round++) {
        lanes p0 = (c0 & low) * 0xD2511F53u, p1 = (c2 & low) * 0xCD9E8D57u;
        c0 = p1 >> 32 ^ c1 ^ k0;
        c2 = p0 >> 32 ^ c3 ^ k1;
        c1 = p1;
        c3 = p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    lanes first = c1 << 32 | (c0 & low), second = c3 << 32 | (c2 & low);
    for (int i = 0; i < AHEAD; i++) {
        ahead->first[i] = first[i];
        ahead->second[i] = second[i];
    }
    ahead->from = counter;
}

/* As next_uniform, for a stream of which much is drawn. */
INLINE double next_ahead(struct ahead *ahead, uint64_t *stream) {
    if (stream[HAS_SPARE]) {
        stream[HAS_SPARE] = 0;
        return unit(stream[SPARE]);
    }
    /* Effects draw from the same stream, so the position is looked up each time. */
    uint64_t counter = stream[COUNTER];
    if (counter - ahead->from >= AHEAD)
        draw_ahead(ahead, stream[KEY], counter);
    uint64_t i = counter - ahead->from;
    stream[COUNTER] = counter + 1;
    stream[SPARE] = ahead->second[i];
    stream[HAS_SPARE] = 1;
    return unit(ahead->first[i]);
}

/* The exponential number with mean 1 that belongs to a uniform one. */
INLINE double exponential_of(double uniform) {
    return -c_library.log(1.0 - uniform);
}

/* Where a stream stands, in numbers drawn. */
INLINE uint64_t position(const uint64_t *stream) {
    return 2 * stream[COUNTER] - stream[HAS_SPARE];
}

/* Work out the next exponential number of a stream already now, so that its logarithm does not keep all else waiting.
   It is for nothing if the effects of the rule that fires draw, which is noted. */
INLINE void guess(struct ahead *ahead, const uint64_t *stream, int64_t k) {
    ahead->guesser = (uint64_t)k % RULES_KNOWN;
    ahead->guessed = NOTHING_GUESSED;
    if (ahead->moves[ahead->guesser])
        return;
    uint64_t counter = stream[COUNTER], word = stream[SPARE];
    if (!stream[HAS_SPARE]) {
        if (counter - ahead->from >= AHEAD)
            draw_ahead(ahead, stream[KEY], counter);
        word = ahead->first[counter - ahead->from];
    }
    ahead->guessed = position(stream);
    ahead->exponential = exponential_of(unit(word));
}

/* The next exponential number of a stream with mean 1. */
INLINE double next_exponential(struct ahead *ahead, uint64_t *stream) {
    uint64_t at = position(stream);
    double uniform = next_ahead(ahead, stream);
    if (at == ahead->guessed)
        return ahead->exponential;
    if (ahead->guessed != NOTHING_GUESSED)
        ahead->moves[ahead->guesser] = true;
    return exponential_of(uniform);
}

#endif
