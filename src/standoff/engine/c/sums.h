/* The sums that the direct method draws from; `sums.py` says the same in plain Python. */

#ifndef STANDOFF_SUMS_H
#define STANDOFF_SUMS_H

#include "types.h"

#define REBUILD_EVERY 16384
#define REBUILD_BELOW 1e-3
/* Chunks are summed in rows of 2 ** ROW. */
#define ROW 4
/* Tables are fetched ahead where there are more leaves than this, for fewer stay near the processor anyway; so many
   entries at most. */
#define NEAR 256
#define MOST_FETCHED 128

/* Make all sums anew, left to right; the total. */
INLINE double rebuild(const struct walk *w, struct state *s) {
    for (int64_t b = 0; b < w->block_count; b++)
        s->blocks[b] = 0.0;
    for (int64_t c = 0; c < w->chunk_count; c++)
        s->chunks[c].sum = 0.0;
    for (int64_t r = 0; r < w->row_count; r++)
        s->rows[r] = 0.0;
    for (int64_t leaf = 0; leaf < w->leaf_count; leaf++)
        s->blocks[leaf >> w->shift] += s->leaves[leaf];
    for (int64_t b = 0; b < w->block_count; b++)
        s->chunks[w->chunk_of[b]].sum += s->blocks[b];
    for (int64_t c = 0; c < w->chunk_count; c++) {
        struct chunk *chunk = &s->chunks[c];
        chunk->weight = chunk->factor * chunk->sum;
        chunk->most = chunk->sum;
        s->rows[c >> ROW] += chunk->weight;
    }
    double total = 0.0;
    for (int64_t r = 0; r < w->row_count; r++)
        total += s->rows[r];
    return total;
}

/* Make the sum of one chunk anew: it fell unseen under a small factor, and the rounding shows as that rises. */
static void sum_anew(const struct walk *w, struct state *s, int64_t c) {
    double sum = 0.0;
    for (int64_t b = w->block_start[c]; b < w->block_start[c + 1]; b++) {
        double block = 0.0;
        for (int64_t leaf = b << w->shift; leaf < (b + 1) << w->shift; leaf++)
            block += s->leaves[leaf];
        s->blocks[b] = block;
        sum += block;
    }
    s->chunks[c].sum = sum;
    s->chunks[c].most = sum;
}

INLINE bool fetches(const struct walk *w) {
    return w->leaf_count > NEAR;
}

/* Where the members of a block's leaves begin. Leaves of a chunk have as many members each, one after another, so that
   nothing has to be looked up for a leaf; the members are asked for while the leaf is searched for. */
INLINE const int32_t *members_at(const struct walk *w, const int32_t *span, int64_t block) {
    int64_t count = (int64_t)span[EACH] << w->shift;
    const int32_t *members = w->member + 2 * (span[FIRST] + block * count);
    if (fetches(w))
        for (int64_t i = 0; i < count && i < MOST_FETCHED; i += 8)
            __builtin_prefetch(members + 2 * i);
    return members;
}

/* Which member of a leaf of some value is at the running sum u, and its rate or bound. */
INLINE int64_t member_at(
    const struct walk *w, const struct state *s, const int32_t *span, double value, double u, double *bound
) {
    int64_t last = span[EACH] - 1, i = 0;
    *bound = value;
    if (span[FACTORS] < 0) {
        /* No member has a factor, so that each has the same. */
        if (!last)
            return 0;
        double which = u / value;
        return which < (double)last ? (int64_t)which : last;
    }
    const int32_t *factors = w->factors + span[FACTORS];
    for (; u >= (*bound = value * s->factors[factors[i]]) && i < last; i++)
        u -= *bound;
    return i;
}

/* The ground rule at the running sum u and the number of its rule, and its rate or bound; null if rounding led to one
   that cannot happen. */
INLINE const int32_t *find(const struct walk *w, const struct state *s, double u, double *bound) {
    int64_t row = 0, last = w->row_count - 1;
    for (; row < last && u >= s->rows[row]; row++)
        u -= s->rows[row];
    int64_t c = row << ROW, end = (row + 1) << ROW;
    last = (end < w->chunk_count ? end : w->chunk_count) - 1;
    const struct chunk *chunks = s->chunks;
    for (; c < last && u >= chunks[c].weight; c++)
        u -= chunks[c].weight;
    double factor = chunks[c].factor, value;
    int64_t b = w->block_start[c];
    last = w->block_start[c + 1] - 1;
    for (; b < last && u >= (value = s->blocks[b] * factor); b++)
        u -= value;
    const int32_t *span = w->spans + SPAN * c, *members = members_at(w, span, b - w->block_start[c]);
    const double *leaves = s->leaves + (b << w->shift);
    int64_t leaf = 0;
    last = ((int64_t)1 << w->shift) - 1;
    for (; leaf < last && u >= (value = leaves[leaf] * factor); leaf++)
        u -= value;
    value = leaves[leaf];
    if (!(value > 0.0))
        return NULL;
    const int32_t *member = members + 2 * (leaf * span[EACH] + member_at(w, s, span, value, u, bound));
    return *bound > 0.0 ? member : NULL;
}

/* Let the leaves of one block change together; by how much the total changes. */
INLINE double add(const struct walk *w, struct state *s, int64_t block, double change) {
    int64_t c = w->chunk_of[block];
    struct chunk *chunk = &s->chunks[c];
    s->blocks[block] += change;
    chunk->sum += change;
    chunk->most = larger(chunk->most, chunk->sum);
    change *= chunk->factor;
    chunk->weight += change;
    s->rows[c >> ROW] += change;
    return change;
}

/* The factors of the members of a group's leaves, added up. */
INLINE double factors_of(const struct walk *w, const struct state *s, int64_t group) {
    double together = 0.0;
    for (int64_t i = w->factors_start[group]; i < w->factors_start[group + 1]; i++)
        together += s->factors[w->factors[i]];
    return together;
}

/* Let a chunk have another factor; by how much the total changes. */
INLINE double weigh(const struct walk *w, struct state *s, int64_t c, double value) {
    struct chunk *chunk = &s->chunks[c];
    if (value > chunk->factor && chunk->sum < REBUILD_BELOW * chunk->most)
        sum_anew(w, s, c);
    chunk->factor = value;
    double weight = value * chunk->sum, change = weight - chunk->weight;
    chunk->weight = weight;
    s->rows[c >> ROW] += change;
    return change;
}

/* Change a shared factor. */
INLINE void put_factor(const struct walk *w, struct state *s, int64_t factor, double value) {
    s->factors[factor] = value;
    for (int64_t i = w->groups_start[factor]; i < w->groups_start[factor + 1]; i++) {
        int64_t group = w->groups[i];
        double together = factors_of(w, s, group);
        for (int64_t c = w->chunk_start[group]; c < w->chunk_start[group + 1]; c++)
            s->clock[TOTAL] += weigh(w, s, c, together);
    }
}

#endif
