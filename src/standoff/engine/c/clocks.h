/* The clocks of the coupled sampler; `clocks.py` says the same in plain Python.
   When they ring is kept in blocks of 2 ** shift with the soonest of each, and in blocks of blocks. */

#ifndef STANDOFF_CLOCKS_H
#define STANDOFF_CLOCKS_H

#include "draws.h"

/* Where in a stream the draws of effects begin, and those of a rule that fires because it was called. */
#define EFFECTS_AT ((uint64_t)1 << 63)
#define CALLED_AT ((uint64_t)1 << 62)
#define EFFECT_DRAWS 24

INLINE double least_of(const double *numbers, int64_t block, int64_t shift) {
    double least = __builtin_inf();
    for (int64_t i = block << shift; i < (block + 1) << shift; i++)
        least = smaller(least, numbers[i]);
    return least;
}

/* Set when a clock rings, and the soonest of its block and of its block of blocks. */
INLINE void put_time(const struct walk *w, struct state *s, int64_t g, double time) {
    double old = s->times[g];
    s->times[g] = time;
    int64_t b = g >> w->shift, c = b >> w->shift;
    double before = s->soonest[b], least = time;
    if (!(time < before)) {
        if (old != before)
            return;
        least = least_of(s->times, b, w->shift);
    }
    s->soonest[b] = least;
    if (least < s->tops[c])
        s->tops[c] = least;
    else if (before == s->tops[c])
        s->tops[c] = least_of(s->soonest, c, w->shift);
}

/* The first of the clocks that ring soonest. */
INLINE int64_t ring(const struct walk *w, const struct state *s) {
    int64_t c = 0;
    for (int64_t i = 1; i < w->top_count; i++)
        if (s->tops[i] < s->tops[c])
            c = i;
    int64_t b = c << w->shift;
    while (s->soonest[b] != s->tops[c])
        b++;
    int64_t g = b << w->shift;
    while (s->times[g] != s->soonest[b])
        g++;
    return g;
}

/* Let a clock go at another rate from now on: what is left of its unit exponential stays. */
INLINE void retime(const struct walk *w, struct state *s, int64_t g, double rate, double t) {
    double left = larger(s->left[g] - s->leaves[g] * (t - s->since[g]), 0.0);
    s->left[g] = left;
    s->since[g] = t;
    s->leaves[g] = rate;
    put_time(w, s, g, rate > 0.0 ? t + left / rate : __builtin_inf());
}

/* Let a clock that rings begin anew; gives the number that thinning compares. */
INLINE double begin_anew(const struct walk *w, struct state *s, int64_t g, double t) {
    double accept = unit(words_at(s->keys[g], (uint64_t)s->proposals[g]).second);
    s->proposals[g] += 1;
    s->left[g] = exponential_of(unit(words_at(s->keys[g], (uint64_t)s->proposals[g]).first));
    s->since[g] = t;
    put_time(w, s, g, t + s->left[g] / s->leaves[g]);
    return accept;
}

/* Let the effects of a firing draw from numbers of their own; `call` is -1 where the rule was not called. */
INLINE void begin_effects(struct state *s, int64_t g, int64_t call, bool rated) {
    s->stream[KEY] = s->keys[g];
    s->stream[HAS_SPARE] = 0;
    if (call >= 0) {
        s->stream[COUNTER] = EFFECTS_AT | CALLED_AT | (uint64_t)call << EFFECT_DRAWS;
        return;
    }
    s->stream[COUNTER] = EFFECTS_AT | (uint64_t)s->proposals[g] << EFFECT_DRAWS;
    if (!rated)
        s->proposals[g] += 1;
}

#endif
