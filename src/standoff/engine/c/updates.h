/* What is evaluated anew after an event, and where its values go. */

#ifndef STANDOFF_UPDATES_H
#define STANDOFF_UPDATES_H

#include "clocks.h"
#include "sums.h"
#include "turns.h"
#include "types.h"

INLINE int64_t fault(struct state *s, int64_t rule, double value, int64_t number) {
    s->counts[FAULT_RULE] = rule;
    s->clock[VALUE] = value;
    return number;
}

INLINE bool is_rate(double value) {
    return value >= 0.0 && value <= MOST_RATE;
}

/* The fault of a rule's value that is no rate: a bound may be infinite where no rate is. */
INLINE int64_t wrong(const struct walk *w, struct state *s, int64_t k, int64_t rule, double value) {
    return fault(s, rule, value, w->bounded[k] && !(value < 0.0) ? 502 : 501);
}

INLINE void put_guard(struct state *s, int64_t target, bool holds) {
    if (holds == s->truth[target])
        return;
    s->counts[ARMED] += (int64_t)holds - (int64_t)s->armed[target];
    s->truth[target] = s->armed[target] = holds;
    if (holds && target < s->counts[NONE_BELOW])
        s->counts[NONE_BELOW] = target;
}

/* Guards of one rule that are evaluated now; where time can turn them, when it does so next. */
INLINE int64_t put_guards(
    const struct walk *w, struct state *s, int64_t k, const int32_t *targets, int64_t count, double t
) {
    for (int64_t j = 0; j < count; j++)
        put_guard(s, targets[j], s->out[j] != 0.0);
    int64_t wrong_guard = 0;
    if (w->turning[k] >= 0)
        for (int64_t j = 0; j < count && !wrong_guard; j++)
            wrong_guard = seek_turn(w, s, k, targets[j], t);
    return wrong_guard;
}

/* The value of one ground rule now, by the code of its rule. */
INLINE double value_of(const struct walk *w, struct state *s, value_code *const *code, int64_t g, double t) {
    int64_t k = w->rule_of[g];
    int32_t row = (int32_t)(g - w->firsts[k]);
    code[k](1, &row, s->out, t, s->context);
    return s->out[0];
}

/* New rates of leaves, one after another; neighbours in a block change its sums together. */
INLINE int64_t put_leaves(const struct walk *w, struct state *s, int64_t k, int64_t at, int64_t end) {
    const int32_t *targets = w->dep_target;
    int64_t shift = w->shift, block = targets[at] >> shift;
    double change = 0.0, total = s->clock[TOTAL];
    for (int64_t j = at; j < end; j++) {
        int64_t leaf = targets[j];
        double value = s->out[j - at];
        if (!is_rate(value))
            return wrong(w, s, k, w->member[2 * w->member_start[leaf]], value);
        if (leaf >> shift != block) {
            total += add(w, s, block, change);
            block = leaf >> shift;
            change = 0.0;
        }
        change += value - s->leaves[leaf];
        s->leaves[leaf] = value;
    }
    s->clock[TOTAL] = total + add(w, s, block, change);
    return 0;
}

INLINE int64_t put_factors(const struct walk *w, struct state *s, int64_t k, int64_t at, int64_t end) {
    for (int64_t j = at; j < end; j++) {
        double value = s->out[j - at];
        if (!is_rate(value))
            return wrong(w, s, k, w->firsts[k] + w->dep_rows[j], value);
        put_factor(w, s, w->dep_target[j], value);
    }
    return 0;
}

INLINE int64_t put_clocks(const struct walk *w, struct state *s, int64_t k, int64_t at, int64_t end) {
    for (int64_t j = at; j < end; j++) {
        int64_t g = w->dep_target[j];
        double value = s->out[j - at];
        if (value == s->leaves[g])
            continue;
        if (!is_rate(value))
            return wrong(w, s, k, g, value);
        retime(w, s, g, value, s->clock[T]);
    }
    return 0;
}

/* Fetch ahead which rows read the slots that have been touched. */
INLINE void fetch_rows(const struct walk *w, const struct state *s) {
    for (int64_t i = 0; i < s->touched[0]; i++) {
        const int32_t *segments = w->slot_start + s->touched[2 + i];
        int64_t first = w->dep_start[segments[0]], last = w->dep_start[segments[1]];
        for (int64_t j = first; j < last && j < first + MOST_FETCHED; j += 16) {
            __builtin_prefetch(w->dep_rows + j);
            __builtin_prefetch(w->dep_target + j);
        }
    }
}

/* Evaluate again what reads a slot that has been touched; 0 or a fault. */
INLINE int64_t update(const struct walk *w, struct state *s, bool frozen, bool coupled) {
    if (fetches(w))
        fetch_rows(w, s);
    for (int64_t i = 0; i < s->touched[0]; i++) {
        int64_t slot = s->touched[2 + i], last = w->slot_start[slot + 1];
        for (int64_t d = w->slot_start[slot]; d < last; d++) {
            int64_t k = w->dep_rule[d], at = w->dep_start[d], end = w->dep_start[d + 1], wrong_value = 0;
            int32_t kind = w->kinds[k];
            if (frozen && kind != TRIGGER)
                continue;
            w->values[k](end - at, w->dep_rows + at, s->out, s->clock[T], s->context);
            if (kind == TRIGGER)
                wrong_value = put_guards(w, s, k, w->dep_target + at, end - at, s->clock[T]);
            else if (coupled)
                wrong_value = put_clocks(w, s, k, at, end);
            else if (kind == RATE)
                wrong_value = put_leaves(w, s, k, at, end);
            else
                wrong_value = put_factors(w, s, k, at, end);
            if (wrong_value)
                return wrong_value;
        }
    }
    return 0;
}

/* The bound of a refused rule, made anew: time alone may have lowered it, so the rule itself is looked at too, also
   where it reads memories: what was looked at with all others that read them need not be its whole guard. */
INLINE int64_t put_refused(const struct walk *w, struct state *s, int64_t g, bool coupled) {
    double t = s->clock[T], value = value_of(w, s, w->values, g, t);
    if (!is_rate(value))
        return fault(s, g, value, value < 0.0 ? 501 : 502);
    if (!coupled) {
        int64_t leaf = w->leaf_of[g];
        double change = value - s->leaves[leaf];
        s->leaves[leaf] = value;
        s->clock[TOTAL] += add(w, s, leaf >> w->shift, change);
        return 0;
    }
    /* Only this rule's clock learns of it, so that no rule changes another's clock by being refused. */
    for (int64_t m = w->memory_start[g]; m < w->memory_start[g + 1]; m++)
        s->x[w->memory_slots[m]] = s->kept[m - w->memory_start[g]];
    if (value != s->leaves[g])
        retime(w, s, g, value, t);
    return 0;
}

#endif
