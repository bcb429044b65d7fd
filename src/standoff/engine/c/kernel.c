/* What Python calls: one run of the event loop for each sampler, and what a run needs before and beside it.

   The loop is the same for all scenarios; `reference.py` says the same in plain Python. It walks tables and calls the
   functions that `native.py` compiled for a scenario. */

#include "clocks.h"
#include "draws.h"
#include "loop.h"
#include "start.h"
#include "sums.h"
#include "tallies.h"
#include "types.h"
#include "updates.h"

struct c_library c_library;

/* Run until the end of the call: DONE, NEEDS_SPACE (`room` events are recorded; call again for more), PAUSED, DECLINED
   (the guard of the rule that was ordered, the last that is past on the agenda, does not hold), ASKS (the rule in
   ASKED would fire now: call again with it to let it, with 0 to let it pass) or a fault's number. PAUSED lets Python,
   whose lock the kernel does not hold, see a Ctrl-C: it comes with each new second of the clock. Held at any end and
   called again, it makes the same run to the bit: under direct, the time already drawn for the next proposal is kept in
   the clock, and a grid time that is the end is recorded when time goes on, or at the last day. */
EXPORT int64_t standoff_advance_direct(const struct walk *w, struct state *s, const struct call *c) {
    return advance(w, s, c, false, false);
}

EXPORT int64_t standoff_advance_coupled(const struct walk *w, struct state *s, const struct call *c) {
    return advance(w, s, c, true, false);
}

/* The same where there is `asked`: only there rules ask, and only there may one that was agreed to be in ASKED. */
EXPORT int64_t standoff_advance_direct_played(const struct walk *w, struct state *s, const struct call *c) {
    return advance(w, s, c, false, true);
}

EXPORT int64_t standoff_advance_coupled_played(const struct walk *w, struct state *s, const struct call *c) {
    return advance(w, s, c, true, true);
}

/* Evaluate segments of rows of rules and factors as they are now; 0 or a fault. Clocks and sums are the caller's. */
EXPORT int64_t standoff_look(
    const struct walk *w, struct state *s, double t, const int32_t *templates, const int32_t *row_start,
    const int32_t *rows, const int32_t *targets, int64_t first, int64_t last, int64_t frozen
) {
    for (int64_t i = first; i < last; i++) {
        int64_t k = templates[i], at = row_start[i], end = row_start[i + 1];
        int32_t kind = w->kinds[k];
        if (frozen && kind != TRIGGER)
            continue;
        w->values[k](end - at, rows + at, s->out, t, s->context);
        if (kind == TRIGGER) {
            int64_t wrong_guard = put_guards(w, s, k, targets + at, end - at, t);
            if (wrong_guard)
                return wrong_guard;
            continue;
        }
        for (int64_t j = at; j < end; j++) {
            int64_t target = targets[j];
            double value = s->out[j - at];
            if (!is_rate(value))
                return wrong(w, s, k, w->firsts[k] + rows[j], value);
            else if (kind != FACTOR)
                s->leaves[target] = value;
            else
                s->factors[target] = value;
        }
    }
    return 0;
}

/* Make all tallies anew from the state as it is now. */
EXPORT void standoff_tally(const struct walk *w, struct state *s, double t) {
    tally_anew(w, s, t);
}

/* Record the watches up to a time, with it, somewhere else than where the run records; false if the second is over. */
EXPORT int64_t standoff_record(
    const struct walk *w, struct state *s, double upto, double *series, int64_t *counts
) {
    return snapshot(w, s, upto, true, c_library.time(NULL), series, counts);
}

/* Make all sums anew from the rates and factors as they are now; the total. */
EXPORT double standoff_rebuild(const struct walk *w, struct state *s) {
    for (int64_t group = 0; group < w->group_count; group++)
        if (w->factors_start[group] < w->factors_start[group + 1])
            for (int64_t c = w->chunk_start[group]; c < w->chunk_start[group + 1]; c++)
                s->chunks[c].factor = factors_of(w, s, group);
    return rebuild(w, s);
}

/* Set when every clock rings; one with less than nothing left draws its first unit exponential. */
EXPORT void standoff_start_clocks(const struct walk *w, struct state *s, double t) {
    int64_t shift = w->shift;
    for (int64_t i = 0; i < w->top_count << 2 * shift; i++)
        s->times[i] = __builtin_inf();
    for (int64_t i = 0; i < w->top_count << shift; i++)
        s->soonest[i] = __builtin_inf();
    for (int64_t i = 0; i < w->top_count; i++)
        s->tops[i] = __builtin_inf();
    for (int64_t g = 0; g < w->clock_count; g++) {
        if (s->left[g] < 0.0)
            s->left[g] = exponential_of(unit(words_at(s->keys[g], 0).first));
        if (s->leaves[g] > 0.0)
            put_time(w, s, g, t + s->left[g] / s->leaves[g]);
    }
}

/* Bring a run to its start; 0, a fault's number, or IMPOSSIBLE for a starting value. The keys of clocks are set. */
EXPORT int64_t standoff_start(
    const struct walk *w, struct state *s, const struct start *a, const double *parameters, uint64_t key, int64_t frozen
) {
    clear(w, s, a, key);
    if (!set_slots(w, s, a, parameters))
        return IMPOSSIBLE;
    tally_anew(w, s, 0.0);
    int64_t wrong_rate = standoff_look(
        w, s, 0.0, a->templates, a->row_start, a->rows, a->targets, 0, a->segment_count, frozen
    );
    if (wrong_rate)
        return wrong_rate;
    if (s->keys)
        standoff_start_clocks(w, s, 0.0);
    else
        s->clock[TOTAL] = s->clock[PEAK] = standoff_rebuild(w, s);
    return 0;
}

/* The answers to all questions as they are now; whether all are finite. */
EXPORT int64_t standoff_answers(const struct walk *w, struct state *s, double t, double *answers) {
    bool finite = true;
    for (int64_t i = 0; i < w->answer_count; i++) {
        w->answers[i](1, w->every_row, answers + i, t, s->context);
        finite &= answers[i] - answers[i] == 0.0;
    }
    return finite;
}

/* All watches as they are now, one after another. */
EXPORT void standoff_watch(const struct walk *w, struct state *s, double t, double *values) {
    for (int64_t k = 0; k < w->watch_count; k++)
        w->watches[k](w->watch_sizes[k], w->every_row, values + w->watch_firsts[k], t, s->context);
}

/* The guards of all ground rules of some rules as they are now, each at the place of its ground rule. */
EXPORT void standoff_guards(
    const struct walk *w, struct state *s, double t, const int64_t *rules, const int64_t *sizes, int64_t count,
    double *values
) {
    for (int64_t i = 0; i < count; i++)
        w->exacts[rules[i]](sizes[i], w->every_row, values + w->firsts[rules[i]], t, s->context);
}

/* The keys of the streams that are named so, drawn from one stream. */
EXPORT void standoff_draw_keys(uint64_t key, const uint64_t *names, uint64_t *keys, int64_t count) {
    for (int64_t i = 0; i < count; i++)
        keys[i] = words_at(key, names[i]).first;
}

/* So that a library of another version is not used. */
EXPORT int64_t standoff_sizes(void) {
    size_t tables = sizeof(struct walk) << 36 | sizeof(struct state) << 24 | sizeof(struct call) << 12;
    return (int64_t)(sizeof(struct chunk) << 48 | tables | sizeof(struct start));
}

EXPORT void standoff_use(double (*exp)(double), double (*log)(double), int64_t (*time)(void *)) {
    c_library = (struct c_library){exp, log, time};
}

EXPORT const char standoff_sources[] = STANDOFF_SOURCES;
