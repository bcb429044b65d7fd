/* When time alone turns a guard; `turns.py` says the same in plain Python. */

#ifndef STANDOFF_TURNS_H
#define STANDOFF_TURNS_H

#include "types.h"

/* In days: a span of no more is not halved; so much lies between two turns of one guard at least. */
#define FINEST 0x1p-60
#define APART 0x1p-30
#define MOST_SPANS 20000
#define DEEPEST 128

struct guard {
    value_code *may;
    value_code *must;
    value_code *now;
    const int64_t *context;
    double *until;
    double last_day;
    int32_t row;
    bool holds;
};

/* Whether a guard surely stays as it is from one moment to another. */
INLINE bool stays(const struct guard *guard, double low, double high) {
    double value;
    guard->until[0] = high;
    (guard->holds ? guard->must : guard->may)(1, &guard->row, &value, low, guard->context);
    return (value != 0.0) == guard->holds;
}

INLINE bool is_as_now(const struct guard *guard, double t) {
    double value;
    guard->now(1, &guard->row, &value, t, guard->context);
    return (value != 0.0) == guard->holds;
}

/* The first moment from one on, up to the last day, at which a guard is not as it is now, infinity if there is none;
   -1 where that cannot be told. It gets no `struct state`, which the loop keeps in registers. */
static double next_turn(const struct guard *guard, double low) {
    double ends[DEEPEST];
    int64_t waiting = 1;
    if (low > guard->last_day)
        return __builtin_inf();
    if (!is_as_now(guard, low))
        return low;
    ends[0] = guard->last_day;
    for (int64_t spans = 0; spans < MOST_SPANS; spans++) {
        double high = ends[waiting - 1], middle = low + 0.5 * (high - low);
        if (low < high && !stays(guard, low, high)) {
            if (low < middle && middle < high && high - low > FINEST && waiting < DEEPEST) {
                ends[waiting++] = middle;
                continue;
            }
            if (!is_as_now(guard, high))
                return high;
        }
        low = high;
        if (!--waiting)
            return __builtin_inf();
    }
    return -1.0;
}

/* Whether anything moves that the guard of a ground rule reads: the time, or a memory that is not 0. */
INLINE bool is_moved(const struct walk *w, const struct state *s, int64_t k, int64_t g) {
    if (w->timely[k])
        return true;
    for (int64_t m = w->memory_start[g]; m < w->memory_start[g + 1]; m++)
        if (s->x[w->memory_slots[m]] != 0.0)
            return true;
    return false;
}

INLINE void soonest_turn(const struct walk *w, struct state *s) {
    double least = __builtin_inf();
    for (int64_t m = 0; m < w->turn_count; m++)
        least = smaller(least, s->turns[m]);
    s->clock[TURN] = least;
}

/* Look anew at when the guard of a ground rule turns that has been evaluated at this moment; 0 or a fault. */
INLINE int64_t seek_turn(const struct walk *w, struct state *s, int64_t k, int64_t g, double t) {
    int64_t m = w->turning[k] + g - w->firsts[k];
    double old = s->turns[m], turn = __builtin_inf();
    if (is_moved(w, s, k, g)) {
        struct guard guard = {
            w->mays[k], w->musts[k], w->values[k], s->context, s->until, w->last_day, (int32_t)(g - w->firsts[k]),
            s->truth[g],
        };
        turn = next_turn(&guard, larger(t, s->turned[m] + APART));
    }
    if (turn < 0.0) {
        s->counts[FAULT_RULE] = g;
        return 550;
    }
    s->turns[m] = turn;
    if (turn < s->clock[TURN])
        s->clock[TURN] = turn;
    else if (old == s->clock[TURN])
        soonest_turn(w, s);
    return 0;
}

#endif
