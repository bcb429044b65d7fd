/* What happens before the first event; `begin.py` says the same in plain Python. */

#ifndef STANDOFF_START_H
#define STANDOFF_START_H

#include "types.h"

/* Set all slots to what they are on day 0; false where a starting value is impossible. */
INLINE bool set_slots(const struct walk *w, struct state *s, const struct start *a, const double *parameters) {
    for (int64_t i = 0; i < a->slot_count; i++) {
        s->x[i] = a->begin[i];
        s->last[i] = 0.0;
    }
    for (int64_t i = 0; i < a->parameter_count; i++)
        s->x[a->parameters[i]] = parameters[i];
    for (int64_t i = 0; i < a->value_count; i++) {
        double value;
        a->values[i](1, w->every_row, &value, 0.0, s->context);
        if (!(a->value_lows[i] <= value && value <= a->value_highs[i]))
            return false;
        s->x[a->value_slots[i]] = value;
    }
    for (int64_t i = 0; i < a->fading_count; i++) {
        double days;
        a->half_lives[i](1, w->every_row, &days, 0.0, s->context);
        if (!(days > 0.0 && days < __builtin_inf()))
            return false;
        double decay = c_library.log(2.0) / days;
        for (int64_t slot = a->fading_starts[i]; slot < a->fading_ends[i]; slot++)
            s->decay[slot] = decay;
    }
    return true;
}

/* Make everything but the slots and the keys of clocks what it is before a run starts. */
INLINE void clear(const struct walk *w, struct state *s, const struct start *a, uint64_t key) {
    for (int i = 0; i <= BROKEN; i++)
        s->stream[i] = 0;
    s->stream[KEY] = key;
    /* The stamps in `mark` stay: that of the next firing is above them all. */
    s->touched[0] = 0;
    for (int64_t i = 0; i < s->zero_count; i++)
        s->zeros[i] = 0;
    s->clock[PENDING] = __builtin_nan("");
    s->clock[TURN] = __builtin_inf();
    for (int64_t m = 0; m < w->turn_count; m++) {
        s->turns[m] = __builtin_inf();
        s->turned[m] = -1.0;
    }
    for (int64_t c = 0; c < w->chunk_count; c++)
        s->chunks[c].factor = a->weights[c];
    for (int64_t g = 0; g < w->clock_count; g++) {
        s->proposals[g] = 0;
        s->left[g] = -1.0;
        s->since[g] = 0.0;
    }
}

#endif
