/* The event loop. Two samplers of one law choose the next event (docs/engine.md): direct (Gillespie 1977) draws from
   sums of rates, coupled (Anderson 2007) gives each ground rule a clock of its own. What both share is written once and
   compiled for each: `coupled` is a constant there. Decaying rates are thinned (Lewis and Shedler 1979) under the
   bounds of `standoff.model.bounds`. */

#ifndef STANDOFF_LOOP_H
#define STANDOFF_LOOP_H

#include "clocks.h"
#include "draws.h"
#include "sums.h"
#include "types.h"
#include "tallies.h"
#include "updates.h"

/* After how many turns the kernel looks at the clock: some turns take hardly more time than such a look. */
#define LOOK_EVERY 64

/* What a turn of the loop does, beside coming back for one of the reasons in types.h. */
enum { FIRE = -1, REFUSE = -2, NOTHING = -3 };

struct turn {
    int64_t rule;
    int64_t template;
    int64_t called;
};

/* Record the watches at grid times before `upto`, and at it if `after`; false if the second is over before. */
INLINE bool snapshot(
    const struct walk *w, struct state *s, double upto, bool after, int64_t second, double *series, int64_t *counts
) {
    for (int64_t i; (i = counts[NEXT_GRID]) < w->grid_count; counts[NEXT_GRID] = i + 1) {
        if (w->grid[i] > upto || (w->grid[i] == upto && !after))
            return true;
        if (c_library.time(NULL) != second)
            return false;
        double *row = series + i * w->columns;
        for (int64_t k = 0; k < w->watch_count; k++)
            w->watches[k](w->watch_sizes[k], w->every_row, row + w->watch_firsts[k], w->grid[i], s->context);
    }
    return true;
}

/* The first declared of the triggers whose guard has turned true, which is taken off the list. */
INLINE int64_t take_armed(const struct walk *w, struct state *s, struct turn *turn) {
    int64_t g = s->counts[NONE_BELOW];
    while (g < w->trigger_end - 1 && !s->armed[g])
        g++;
    turn->rule = g;
    turn->template = w->rule_of[turn->rule];
    if (++s->counts[INSTANT] > MOST_AT_ONCE) {
        s->counts[FAULT_RULE] = turn->rule;
        return 503;
    }
    s->armed[g] = false;
    s->counts[ARMED] -= 1;
    s->counts[NONE_BELOW] = g + 1;
    return FIRE;
}

/* When the next proposal of the direct sampler is made; 0 or a fault. */
INLINE int64_t draw_time(const struct walk *w, struct state *s, struct ahead *ahead, double t, double *nearest) {
    double *clock = s->clock;
    if (s->counts[SINCE] >= REBUILD_EVERY || clock[TOTAL] < REBUILD_BELOW * clock[PEAK]) {
        clock[TOTAL] = clock[PEAK] = rebuild(w, s);
        s->counts[SINCE] = 0;
    }
    double total = clock[TOTAL], pending = clock[PENDING];
    clock[PEAK] = larger(clock[PEAK], total);
    if (!(total < __builtin_inf()))
        return fault(s, -1, total, 501);
    if (pending == pending) {
        *nearest = pending;
        clock[PENDING] = __builtin_nan("");
    } else if (total > 0.0) {
        *nearest = t + next_exponential(ahead, s->stream) / total;
    }
    return 0;
}

/* Time turns the guards whose turn it is. */
INLINE int64_t turn_guards(const struct walk *w, struct state *s) {
    double t = s->clock[T];
    for (int64_t m = 0; m < w->turn_count; m++) {
        if (s->turns[m] != t)
            continue;
        int64_t g = w->turn_rules[m], k = w->rule_of[g];
        s->turned[m] = t;
        s->counts[TURNED] += 1;
        put_guard(s, g, value_of(w, s, w->values, g, t) != 0.0);
        int64_t wrong_guard = seek_turn(w, s, k, g, t);
        if (wrong_guard)
            return wrong_guard;
    }
    return NOTHING;
}

/* Come to the end of the call, to a guard that time turns, or to a dated rule. */
INLINE int64_t reach(
    const struct walk *w, struct state *s, const struct call *c, double nearest, double stop, int64_t second,
    bool coupled, struct turn *turn
) {
    int64_t next = s->counts[NEXT_TIMED];
    if (w->turn_count && s->clock[TURN] == stop)
        return turn_guards(w, s);
    if (next == c->dated_count || c->days[next] != stop) {
        if (!coupled)
            s->clock[PENDING] = nearest;
        bool over = stop < w->last_day || snapshot(w, s, stop, true, second, c->series, s->counts);
        return over ? DONE : PAUSED;
    }
    s->counts[NEXT_TIMED] += 1;
    turn->rule = c->dated[next];
    turn->template = w->rule_of[turn->rule];
    turn->called = c->calls[next];
    /* Whoever calls a rule of another kind has looked at its guard. */
    bool read = w->kinds[turn->template] == TIMED;
    if (!read || value_of(w, s, w->exacts, turn->rule, s->clock[T]) != 0.0)
        return FIRE;
    return turn->called >= 0 ? DECLINED : NOTHING;
}

/* Which ground rule is proposed now, and whether the proposal is accepted. */
INLINE int64_t propose(
    const struct walk *w, struct state *s, struct ahead *ahead, int64_t ringing, bool coupled, struct turn *turn
) {
    double t = s->clock[T], bound, accept = 0.0;
    if (coupled) {
        turn->rule = ringing;
        turn->template = w->rule_of[ringing];
        bound = s->leaves[ringing];
        accept = begin_anew(w, s, ringing, t);
    } else {
        s->counts[SINCE] += 1;
        const int32_t *member = find(w, s, next_ahead(ahead, s->stream) * s->clock[TOTAL], &bound);
        if (!member) {
            /* No rule fires, and the sums are made anew. */
            s->counts[REJECTED] += 1;
            s->counts[SINCE] = REBUILD_EVERY;
            return NOTHING;
        }
        turn->rule = member[0];
        turn->template = member[1];
    }
    int64_t k = turn->template;
    bool bounded = w->bounded[k];
    if (!coupled) {
        /* Both before the rate is worked out: none of the three waits for another. */
        if (bounded)
            accept = next_ahead(ahead, s->stream);
        guess(ahead, s->stream, k);
    }
    if (!bounded)
        return FIRE;
    double rate = value_of(w, s, w->exacts, turn->rule, t);
    if (!is_rate(rate))
        return fault(s, turn->rule, rate, 501);
    if (rate > bound * BOUND_SLACK)
        return fault(s, turn->rule, rate, 502);
    return accept * bound >= rate ? REFUSE : FIRE;
}

/* What happens next: a trigger whose guard has turned true, a dated rule, or a proposal of a rated one. */
INLINE int64_t choose(
    const struct walk *w, struct state *s, const struct call *c, struct ahead *ahead, int64_t second, bool coupled,
    struct turn *turn
) {
    int64_t *counts = s->counts, ringing = 0;
    turn->called = -1;
    if (counts[ARMED] > 0)
        return take_armed(w, s, turn);
    if (counts[FIRED] + counts[REJECTED] + counts[TURNED] >= c->limit)
        return 507;
    double t = s->clock[T], nearest = __builtin_inf(), stop = c->end;
    if (coupled) {
        ringing = ring(w, s);
        nearest = s->times[ringing];
    } else {
        int64_t wrong_sum = draw_time(w, s, ahead, t, &nearest);
        if (wrong_sum)
            return wrong_sum;
    }
    if (counts[NEXT_TIMED] < c->dated_count)
        stop = smaller(stop, c->days[counts[NEXT_TIMED]]);
    if (w->turn_count)
        stop = smaller(stop, s->clock[TURN]);
    double until = smaller(nearest, stop);
    bool due = counts[NEXT_GRID] < w->grid_count && w->grid[counts[NEXT_GRID]] < until;
    if (due && !snapshot(w, s, until, false, second, c->series, counts)) {
        if (!coupled)
            s->clock[PENDING] = nearest;
        return PAUSED;
    }
    /* Guards that turn back and forth as closely as can be do so at one instant. */
    if (t < until && !(w->turn_count && until - t <= 2.0 * APART))
        counts[INSTANT] = 0;
    s->clock[T] = until;
    if (nearest >= stop)
        return reach(w, s, c, nearest, stop, second, coupled, turn);
    return propose(w, s, ahead, ringing, coupled, turn);
}

/* The firing that was asked about, now that it was agreed to. */
INLINE int64_t agreed(const struct walk *w, struct state *s, struct turn *turn) {
    turn->rule = s->counts[ASKED] - 1;
    turn->template = w->rule_of[turn->rule];
    turn->called = -1;
    s->counts[ASKED] = 0;
    return FIRE;
}

/* Carry out the effects of a ground rule and note the event; 0 or a fault. */
INLINE int64_t fire(const struct walk *w, struct state *s, const struct call *c, bool coupled, struct turn turn) {
    int64_t g = turn.rule, k = turn.template;
    if (coupled)
        begin_effects(s, g, turn.called, w->kinds[k] == RATE);
    s->touched[1] += 1;
    int64_t wrong_effect = w->fires[k](g - w->firsts[k], s->clock[T], s->context);
    if (wrong_effect)
        return wrong_effect;
    s->counts[FIRED] += 1;
    if (c->record && !c->silent[k]) {
        int64_t e = s->counts[EVENTS]++;
        c->event_time[e] = s->clock[T];
        c->event_rule[e] = (int32_t)g;
        c->event_source[e] = (int32_t)s->head[0];
        c->event_target[e] = (int32_t)s->head[1];
        c->event_place[e] = (int32_t)s->head[2];
        c->event_size[e] = s->head[3];
    }
    return 0;
}

/* A refused proposal: the memories that its rule reads are brought up to now. */
INLINE void refuse(const struct walk *w, struct state *s, int64_t g, bool coupled) {
    double t = s->clock[T];
    s->counts[REJECTED] += 1;
    for (int64_t m = w->memory_start[g]; m < w->memory_start[g + 1]; m++) {
        int64_t slot = w->memory_slots[m];
        s->kept[m - w->memory_start[g]] = s->x[slot];
        s->x[slot] *= c_library.exp(-s->decay[slot] * (t - s->last[slot]));
        if (!coupled) {
            s->last[slot] = t;
            s->touched[2 + s->touched[0]++] = slot;
        }
    }
}

/* `played` where there is `asked`: all other runs are spared what only these need. */
INLINE int64_t turns(const struct walk *w, struct state *s, const struct call *c, bool coupled, bool played) {
    int64_t second = c_library.time(NULL);
    /* Nothing is worked out yet: half of all positions away is near no draw, also where effects draw first. */
    struct ahead ahead = {.from = s->stream[COUNTER] + (UINT64_C(1) << 63), .guessed = NOTHING_GUESSED};
    bool asks = !played || !s->counts[ASKED];
    for (uint64_t count = 1;; count++, asks = true) {
        struct turn turn;
        if (s->counts[EVENTS] >= c->room)
            return NEEDS_SPACE;
        if (count % LOOK_EVERY == 0 && c_library.time(NULL) != second)
            return PAUSED;
        int64_t what = !played || asks ? choose(w, s, c, &ahead, second, coupled, &turn) : agreed(w, s, &turn);
        if (what >= 0)
            return what;
        if (what == NOTHING)
            continue;
        if (played && what == FIRE && asks && turn.called < 0 && c->asked[turn.rule]) {
            s->counts[ASKED] = turn.rule + 1;
            return ASKS;
        }
        s->counts[FAULT_RULE] = turn.rule;
        s->touched[0] = 0;
        int64_t wrong_now = 0;
        if (what == REFUSE)
            refuse(w, s, turn.rule, coupled);
        else
            wrong_now = fire(w, s, c, coupled, turn);
        update_tallies(w, s);
        if (!wrong_now)
            wrong_now = update(w, s, c->frozen, coupled);
        if (!wrong_now && what == REFUSE)
            wrong_now = put_refused(w, s, turn.rule, coupled);
        if (wrong_now)
            return wrong_now;
    }
}

INLINE int64_t advance(
    const struct walk *w, struct state *state, const struct call *c, bool coupled, bool played
) {
    /* No compiled code reads these two, so they are kept where the compiler knows what else is written. */
    double clock[TURN + 1];
    int64_t counts[TURNED + 1];
    for (int i = 0; i <= TURN; i++)
        clock[i] = state->clock[i];
    for (int i = 0; i <= TURNED; i++)
        counts[i] = state->counts[i];
    struct state s = *state;
    s.clock = clock;
    s.counts = counts;
    int64_t status = turns(w, &s, c, coupled, played);
    for (int i = 0; i <= TURN; i++)
        state->clock[i] = clock[i];
    for (int i = 0; i <= TURNED; i++)
        state->counts[i] = counts[i];
    return status;
}

#endif
