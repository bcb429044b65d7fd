/* The floor that the engine's speed is quoted against: the direct method on three-level sums, with the seven rate
 * formulas of the contested border compiled in. After a firing, the rules that read a changed slot are recomputed
 * segment by segment (one formula, contiguous operands) and their differences are added block by block. W2 thins
 * strikes under the stale value of the decaying memory. xoshiro256++ (Blackman and Vigna 2021). */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef W2
#define W2 0
#endif
#define MEMORIES 12
#define RESUM_EVERY 0xffff

enum { MOVE, REINFORCE, REPLENISH, ATTRITION, CAPTURE, STRIKE, COOL };
enum { Q_MOVE, Q_REINFORCE, Q_REPLENISH, Q_ATTRITION, Q_CAPTURE, Q_STRIKE, Q_EXCITE, Q_COOL };

typedef struct { uint64_t s[4]; } stream;

static inline uint64_t split_mix(uint64_t *x) {
    uint64_t z = (*x += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static void seed_stream(stream *r, uint64_t seed, uint64_t run) {
    uint64_t x = seed * 0x9e3779b97f4a7c15ULL + run;
    for (int i = 0; i < 4; i++) r->s[i] = split_mix(&x);
}

static inline double uniform(stream *r) {
    uint64_t *s = r->s, out = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]; s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return (double)(out >> 11) * 0x1.0p-53;
}

static inline double rate_of(int template, const int32_t *s, const double *q, const double *x) {
    switch (template) {
    case MOVE: return q[Q_MOVE] * x[s[0]];
    case REINFORCE: return q[Q_REINFORCE] * x[s[0]] * x[s[1]];
    case REPLENISH: return q[Q_REPLENISH];
    case ATTRITION: return q[Q_ATTRITION] * x[s[0]] * (x[s[1]] + x[s[2]] + x[s[3]]);
    case CAPTURE: return q[Q_CAPTURE] * x[s[0]] * x[s[1]] / (1 + x[s[2]]);
    case STRIKE: return q[Q_STRIKE] * x[s[0]] * x[s[1]] * (1 + q[Q_EXCITE] * x[s[2]]);
    default: return q[Q_COOL] * x[s[0]];
    }
}

/* One run. reads: 4 slots a rule. Firing rule r adds effect_by[k] to effect_slot[k] for k in effect_at[r] up to
 * effect_at[r + 1]. Slot s wakes segments segment_at[s] up to segment_at[s + 1]; a segment is (template, first, count,
 * first run) over `woken`, whose operands stand in four parallel arrays of `operands`; a run is (block, count).
 * Returns the number of events; snapshots are (times, slots). */
long run_floor(int rules, int slots, int shift, const int32_t *template, const int32_t *reads, const int32_t *effect_at,
               const int32_t *effect_slot, const double *effect_by, const int32_t *woken, const int32_t *segment_at,
               const int32_t *segments, const int32_t *runs, const int32_t *operands, int woken_count, const double *q,
               int longest, const double *begin, double days, int times, uint64_t seed, uint64_t run, float *snapshots,
               double *rejections) {
    stream luck;
    seed_stream(&luck, seed, run);
    long events = 0, rejected = 0;
    int snapshot = 0;
    double t = 0, total = 0, every = days / (times - 1);
    const double decay = q[Q_COOL];
    double *x = malloc(slots * sizeof *x), *written = calloc(slots, sizeof *written);
    double *fresh = malloc((longest + 8) * sizeof *fresh);
    memcpy(x, begin, slots * sizeof *x);
    int top_shift = 2 * shift, room = ((rules >> top_shift) + 1) << top_shift, tops = room >> top_shift;
    double *leaf = calloc(room, sizeof *leaf), *block = calloc(room >> shift, sizeof *block), *top = calloc(tops, sizeof *top);
    for (int r = 0; r < rules; r++) {
        double v = rate_of(template[r], reads + 4 * r, q, x);
        leaf[r] = v; block[r >> shift] += v; top[r >> top_shift] += v; total += v;
    }
    const int32_t *d0 = operands, *d1 = d0 + woken_count, *d2 = d1 + woken_count, *d3 = d2 + woken_count;

    for (;;) {
        double next = total > 0 ? t - log(1.0 - uniform(&luck)) / total : INFINITY;
        while (snapshot < times && snapshot * every <= next && snapshot * every <= days) {
            float *out = snapshots + (size_t)snapshot * slots;
            for (int i = 0; i < slots; i++)
#if W2
                out[i] = (float)(x[i] * exp(-decay * (written[i] > 0 ? snapshot * every - written[i] : 0)));
#else
                out[i] = (float)x[i];
#endif
            snapshot++;
        }
        if (next > days) break;
        t = next;
        double u = uniform(&luck) * total;
        int i = 0;
        while (i < tops - 1 && u >= top[i]) { u -= top[i]; i++; }
        i <<= shift;
        int end = i + (1 << shift) - 1;
        while (i < end && u >= block[i]) { u -= block[i]; i++; }
        i <<= shift;
        end = i + (1 << shift) - 1;
        while (i < end && u >= leaf[i]) { u -= leaf[i]; i++; }
        int r = i, refreshed = -1, first = effect_at[r], last = effect_at[r + 1];
        double bound = leaf[r];
        if (bound <= 0) continue;
#if W2
        if (template[r] == STRIKE) {
            int s = reads[4 * r + 2];
            double now = x[s] * exp(-decay * (t - written[s]));
            double rate = q[Q_STRIKE] * x[reads[4 * r]] * x[reads[4 * r + 1]] * (1 + q[Q_EXCITE] * now);
            if (uniform(&luck) * bound > rate) { rejected++; x[s] = now; written[s] = t; refreshed = s; }
        }
#endif
        if (refreshed < 0) {
            events++;
            for (int k = first; k < last; k++) {
                int s = effect_slot[k];
#if W2
                if (s >= slots - MEMORIES) { x[s] *= exp(-decay * (t - written[s])); written[s] = t; }
#endif
                x[s] += effect_by[k];
            }
        } else last = first + 1;
        for (int k = first; k < last; k++) {
            int s = refreshed < 0 ? effect_slot[k] : refreshed;
            for (int g = segment_at[s]; g < segment_at[s + 1]; g++) {
                const int32_t *segment = segments + 4 * g, *part = runs + 2 * segment[3];
                int a = segment[1], n = segment[2];
                switch (segment[0]) {
                case MOVE: for (int j = a; j < a + n; j++) fresh[j - a] = q[Q_MOVE] * x[d0[j]]; break;
                case REINFORCE: for (int j = a; j < a + n; j++) fresh[j - a] = q[Q_REINFORCE] * x[d0[j]] * x[d1[j]]; break;
                case REPLENISH: for (int j = 0; j < n; j++) fresh[j] = q[Q_REPLENISH]; break;
                case ATTRITION:
                    for (int j = a; j < a + n; j++)
                        fresh[j - a] = q[Q_ATTRITION] * x[d0[j]] * (x[d1[j]] + x[d2[j]] + x[d3[j]]);
                    break;
                case CAPTURE:
                    for (int j = a; j < a + n; j++) fresh[j - a] = q[Q_CAPTURE] * x[d0[j]] * x[d1[j]] / (1 + x[d2[j]]);
                    break;
                case STRIKE:
                    for (int j = a; j < a + n; j++)
                        fresh[j - a] = q[Q_STRIKE] * x[d0[j]] * x[d1[j]] * (1 + q[Q_EXCITE] * x[d2[j]]);
                    break;
                default: for (int j = a; j < a + n; j++) fresh[j - a] = q[Q_COOL] * x[d0[j]];
                }
                for (int j = 0; j < n;) {
                    int b = part[0], stop = j + part[1];
                    double sum = 0;
                    for (part += 2; j < stop; j++) {
                        int w = woken[a + j];
                        sum += fresh[j] - leaf[w];
                        leaf[w] = fresh[j];
                    }
                    block[b] += sum; top[b >> shift] += sum; total += sum;
                }
            }
        }
        if ((events & RESUM_EVERY) == 0) {
            total = 0;
            memset(block, 0, (room >> shift) * sizeof *block);
            memset(top, 0, tops * sizeof *top);
            for (int k = 0; k < rules; k++) { block[k >> shift] += leaf[k]; top[k >> top_shift] += leaf[k]; total += leaf[k]; }
        }
    }
    *rejections = rejected;
    free(x); free(written); free(fresh); free(leaf); free(block); free(top);
    return events;
}
