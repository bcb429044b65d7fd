/* The floor that the engine's speed is quoted against: the direct method (Gillespie 1977) for any tables of ground rules,
 * with the rate formulas of one workload compiled in from the header that FORMULAS_IN names.
 *
 * Rates are leaves under two levels of sums of 2^shift each. After a firing, the rules that read a changed slot are
 * worked out anew segment by segment (one formula, operands in four parallel arrays) and their differences are added
 * block by block. With MEMORIES slots at the end of the state that fade, a rule that reads one is proposed at the rate
 * of the stale value, which is the higher one, and thinned (Lewis and Shedler 1979). */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "luck.h"
#include FORMULAS_IN

#define RESUM_EVERY 0xffff

typedef struct {
    int rules, slots, shift, woken_count, longest;
    const int32_t *formula;               /* of each rule */
    const int32_t *reads;                 /* four slots a rule */
    const int32_t *effect_at;             /* rule r: effects effect_at[r] up to effect_at[r + 1] */
    const int32_t *effect_slot;
    const double *effect_by;
    const int32_t *woken;                 /* rules, segment after segment */
    const int32_t *segment_at;            /* slot s wakes segments segment_at[s] up to segment_at[s + 1] */
    const int32_t (*segments)[4];         /* formula, first and count in `woken`, first in `runs` */
    const int32_t (*runs)[2];             /* block and count: the part of a segment whose leaves share a block */
    const int32_t *operands;              /* four arrays of woken_count slots */
    const double *constants, *begin;
} tables_t;

static inline double rate_of(int formula, const int32_t *at, const double *q, const double *x) {
#define X(k) x[at[k]]
#define ONE(number, rate) case number: return rate;
    switch (formula) { FORMULAS(ONE) default: return 0; }
#undef X
}

/* The rates of a whole segment. */
static inline void rates_of(const int32_t *segment, const tables_t *m, const double *restrict x, double *restrict fresh) {
    const int first = segment[1], count = segment[2];
    const int32_t *o0 = m->operands + first, *o1 = o0 + m->woken_count, *o2 = o1 + m->woken_count, *o3 = o2 + m->woken_count;
    const double *q = m->constants;
    (void)o1; (void)o2; (void)o3;
#define X(k) x[o##k[j]]
#define ALL(number, rate) case number: for (int j = 0; j < count; j++) fresh[j] = rate; break;
    switch (segment[0]) { FORMULAS(ALL) }
#undef X
}

static double resum(const tables_t *m, const double *leaf, double *block, int blocks, double *top, int tops) {
    double total = 0;
    memset(block, 0, blocks * sizeof *block);
    memset(top, 0, tops * sizeof *top);
    for (int r = 0; r < m->rules; r++) {
        block[r >> m->shift] += leaf[r];
        top[r >> 2 * m->shift] += leaf[r];
        total += leaf[r];
    }
    return total;
}

/* What a slot holds at a time; `written` is when it was last written, 0 for never. */
static inline double now(const double *x, const double *written, int slot, double t, double decay) {
    return x[slot] * exp(-decay * (t - written[slot]));
}

/* One run of some days; the number of its events. `snapshots` takes `times` whole states, equally far apart. */
long run_floor(const tables_t *m, double days, int times, uint64_t seed, uint64_t run, float *snapshots, double *rejections) {
    luck_t luck;
    begin_luck(&luck, seed, run);
    const int shift = m->shift, fading = m->slots - MEMORIES;
    const int tops = (m->rules >> 2 * shift) + 1, blocks = tops << shift, leaves = blocks << shift;
    const double *q = m->constants;
    double *x = malloc(m->slots * sizeof *x), *written = calloc(m->slots, sizeof *written);
    double *fresh = malloc((m->longest + 8) * sizeof *fresh);
    double *leaf = calloc(leaves, sizeof *leaf), *block = calloc(blocks, sizeof *block), *top = calloc(tops, sizeof *top);
    memcpy(x, m->begin, m->slots * sizeof *x);
    for (int r = 0; r < m->rules; r++) leaf[r] = rate_of(m->formula[r], m->reads + 4 * r, q, x);
    double t = 0, total = resum(m, leaf, block, blocks, top, tops), every = days / (times - 1);
    long events = 0, refused = 0;
    int snapshot = 0;

    for (;;) {
        double next = total > 0 ? t - log(1.0 - uniform(&luck)) / total : INFINITY;
        for (; snapshot < times && snapshot * every <= next && snapshot * every <= days; snapshot++) {
            float *out = snapshots + (size_t)snapshot * m->slots;
            for (int i = 0; i < fading; i++) out[i] = (float)x[i];
            for (int i = fading; i < m->slots; i++) out[i] = (float)now(x, written, i, snapshot * every, DECAY);
        }
        if (next > days) break;
        t = next;

        double u = uniform(&luck) * total;
        int r = 0, end;
        for (; r < tops - 1 && u >= top[r]; r++) u -= top[r];
        r <<= shift;
        for (end = r + (1 << shift) - 1; r < end && u >= block[r]; r++) u -= block[r];
        r <<= shift;
        for (end = r + (1 << shift) - 1; r < end && u >= leaf[r]; r++) u -= leaf[r];
        if (leaf[r] <= 0) continue; /* rounding led past the last rule that can fire */

        int k = m->effect_at[r], last = m->effect_at[r + 1];
        const int32_t *changed = m->effect_slot;
#if MEMORIES
        int refreshed;
        if (m->formula[r] == FADING_FORMULA) {
            const int32_t *at = m->reads + 4 * r;
            const int slot = at[FADING_OPERAND];
            const double stale = x[slot];
            x[slot] = now(x, written, slot, t, DECAY);
            if (uniform(&luck) * leaf[r] > rate_of(FADING_FORMULA, at, q, x)) {
                refused++;
                written[slot] = t;
                refreshed = slot;
                changed = &refreshed;
                k = 0;
                last = 1;
                goto changed_slots;
            }
            x[slot] = stale;
        }
#endif
        events++;
        for (int e = k; e < last; e++) {
            const int slot = m->effect_slot[e];
            if (MEMORIES && slot >= fading) {
                x[slot] = now(x, written, slot, t, DECAY);
                written[slot] = t;
            }
            x[slot] += m->effect_by[e];
        }
#if MEMORIES
    changed_slots:
#endif
        for (; k < last; k++) {
            const int stop = m->segment_at[changed[k] + 1];
            for (int g = m->segment_at[changed[k]]; g < stop; g++) {
                const int32_t *segment = m->segments[g], (*part)[2] = m->runs + segment[3], *woken = m->woken + segment[1];
                rates_of(segment, m, x, fresh);
                for (int j = 0; j < segment[2]; part++) {
                    const int b = (*part)[0], to = j + (*part)[1];
                    double more = 0;
                    for (; j < to; j++) {
                        more += fresh[j] - leaf[woken[j]];
                        leaf[woken[j]] = fresh[j];
                    }
                    block[b] += more;
                    top[b >> shift] += more;
                    total += more;
                }
            }
        }
        if ((events & RESUM_EVERY) == 0) total = resum(m, leaf, block, blocks, top, tops);
    }
    *rejections = refused;
    free(x); free(written); free(fresh); free(leaf); free(block); free(top);
    return events;
}
