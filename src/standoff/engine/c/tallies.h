/* Tallies: sums and counts that rates read, kept up to date by differences; `model/tallies.py` says what they are. */

#ifndef STANDOFF_TALLIES_H
#define STANDOFF_TALLIES_H

#include "types.h"

/* A tally's terms are few enough that whole numbers up to this add without rounding. */
#define MOST_WHOLE 1099511627776.0

INLINE bool is_whole(double value) {
    return value > -MOST_WHOLE && value < MOST_WHOLE && (double)(int64_t)value == value;
}

/* A total from its terms, in order. */
static void total_anew(const struct walk *w, struct state *s, int64_t c) {
    double total = 0.0;
    for (int64_t i = w->terms_of[c]; i < w->terms_of[c + 1]; i++)
        total += s->terms[i];
    s->totals[c] = total;
}

/* Change a term, and its total: by the difference while all of its terms are whole numbers. */
INLINE void put_term(const struct walk *w, struct state *s, int64_t term, double value) {
    double old = s->terms[term];
    if (value == old)
        return;
    int64_t c = w->total_of[term], before = s->broken[c];
    s->terms[term] = value;
    s->broken[c] += (int64_t)is_whole(old) - (int64_t)is_whole(value);
    if (before | s->broken[c])
        total_anew(w, s, c);
    else
        s->totals[c] += value - old;
}

/* Evaluate again the terms that read a slot that has been touched. */
INLINE void update_tallies(const struct walk *w, struct state *s) {
    if (!w->total_count)
        return;
    for (int64_t i = 0; i < s->touched[0]; i++) {
        int64_t slot = s->touched[2 + i];
        for (int64_t d = w->tally_start[slot]; d < w->tally_start[slot + 1]; d++) {
            int64_t at = w->tally_row_start[d], end = w->tally_row_start[d + 1];
            w->tallies[w->tally_of[d]](end - at, w->tally_rows + at, s->out, s->clock[T], s->context);
            for (int64_t j = at; j < end; j++)
                put_term(w, s, w->tally_terms[j], s->out[j - at]);
        }
    }
}

/* All terms and totals as they are now. */
INLINE void tally_anew(const struct walk *w, struct state *s, double t) {
    for (int64_t k = 0; k < w->tally_count; k++) {
        int64_t first = w->tally_firsts[k], count = w->tally_firsts[k + 1] - first;
        w->tallies[k](count, w->term_rows + first, s->terms + first, t, s->context);
    }
    for (int64_t c = 0; c < w->total_count; c++) {
        s->broken[c] = 0;
        for (int64_t i = w->terms_of[c]; i < w->terms_of[c + 1]; i++)
            s->broken[c] += !is_whole(s->terms[i]);
        total_anew(w, s, c);
    }
}

#endif
