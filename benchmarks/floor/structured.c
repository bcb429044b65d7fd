/* The contested border written by hand: no rate of a single rule is kept, only whole numbers by place, by group of
 * GROUP places and in all, from which a kind of event, then a group, then a place, then an actor is chosen. It bounds
 * what anybody could gain who knew this one model by heart; it runs no other. */

#include <math.h>
#include <stdlib.h>

#include "luck.h"

#define ACTORS 4
#define PLACES 1024
#define GROUPS (PLACES / GROUP)
#define RESUM_EVERY 0xffff
enum { MOVE, REINFORCE, REPLENISH, ATTRITION, CAPTURE, STRIKE, EXCITE, COOL };

/* Sums that exist once a place, once a group and once in all. */
typedef struct { int32_t of_place[PLACES], of_group[GROUPS], all; } whole_t;
typedef struct { double of_place[PLACES], of_group[GROUPS], all; } real_t;

typedef struct {
    int places;
    int32_t force[PLACES][ACTORS], owner[PLACES];
    whole_t units;                            /* everyone's units */
    whole_t clashes;                          /* ordered pairs of units of different actors */
    real_t pressure;                          /* others' units over one more than the owner's */
    int32_t guards[PLACES];                   /* the owner's units, and their sums by owner */
    int32_t group_guards[ACTORS][GROUPS], all_guards[ACTORS];
    int32_t held[ACTORS][PLACES], holds[ACTORS], stands_at[PLACES];
    int32_t reserve[ACTORS];
    double grievance[ACTORS][ACTORS], written[ACTORS][ACTORS];
} world_t;

static inline void add_whole(whole_t *sum, int place, int32_t value) {
    int32_t more = value - sum->of_place[place];
    sum->of_place[place] = value;
    sum->of_group[place / GROUP] += more;
    sum->all += more;
}

static inline void add_real(real_t *sum, int place, double value) {
    double more = value - sum->of_place[place];
    sum->of_place[place] = value;
    sum->of_group[place / GROUP] += more;
    sum->all += more;
}

/* Brings all sums up to date with the units that stand in a place. */
static inline void settle(world_t *w, int place) {
    const int32_t *f = w->force[place], owner = w->owner[place], guards = f[owner];
    int32_t units = 0, squares = 0;
    for (int a = 0; a < ACTORS; a++) {
        units += f[a];
        squares += f[a] * f[a];
    }
    add_whole(&w->units, place, units);
    add_whole(&w->clashes, place, units * units - squares);
    add_real(&w->pressure, place, (double)(units - guards) / (1 + guards));
    int32_t more = guards - w->guards[place];
    w->guards[place] = guards;
    w->group_guards[owner][place / GROUP] += more;
    w->all_guards[owner] += more;
}

static inline int place_of_whole(const whole_t *sum, int places, int32_t *at) {
    int group = 0, place, end;
    for (; *at >= sum->of_group[group]; group++) *at -= sum->of_group[group];
    place = group * GROUP;
    end = (place + GROUP < places ? place + GROUP : places) - 1;
    for (; place < end && *at >= sum->of_place[place]; place++) *at -= sum->of_place[place];
    return place;
}

static inline int place_of_real(const real_t *sum, int places, double at) {
    int group = 0, place, end, groups = (places + GROUP - 1) / GROUP;
    for (; group < groups - 1 && at >= sum->of_group[group]; group++) at -= sum->of_group[group];
    place = group * GROUP;
    end = (place + GROUP < places ? place + GROUP : places) - 1;
    for (; place < end && at >= sum->of_place[place]; place++) at -= sum->of_place[place];
    return place;
}

static inline double fade(const world_t *w, const double *q, int a, int b, double t) {
    return MEMORIES ? w->grievance[a][b] * exp(-q[COOL] * (t - w->written[a][b])) : w->grievance[a][b];
}

static void hand_over(world_t *w, int place, int taker) {
    int loser = w->owner[place], last = w->held[loser][--w->holds[loser]];
    w->held[loser][w->stands_at[place]] = last;
    w->stands_at[last] = w->stands_at[place];
    w->stands_at[place] = w->holds[taker];
    w->held[taker][w->holds[taker]++] = place;
    w->group_guards[loser][place / GROUP] -= w->guards[place];
    w->all_guards[loser] -= w->guards[place];
    w->guards[place] = 0;
    w->owner[place] = taker;
    settle(w, place);
}

/* `begin` is the floor's state: force and control by place and actor, reserves, grievances. */
static world_t *new_world(int places, const double *begin) {
    world_t *w = calloc(1, sizeof *w);
    w->places = places;
    for (int p = 0; p < places; p++)
        for (int a = 0; a < ACTORS; a++) {
            w->force[p][a] = (int32_t)begin[ACTORS * p + a];
            if (begin[ACTORS * places + ACTORS * p + a] != 0) w->owner[p] = a;
        }
    for (int p = 0; p < places; p++) {
        int owner = w->owner[p];
        w->stands_at[p] = w->holds[owner];
        w->held[owner][w->holds[owner]++] = p;
        settle(w, p);
    }
    for (int a = 0; a < ACTORS; a++) w->reserve[a] = (int32_t)begin[2 * ACTORS * places + a];
    return w;
}

static void record(const world_t *w, const double *q, double t, float *out) {
    const int places = w->places;
    for (int p = 0; p < places; p++)
        for (int a = 0; a < ACTORS; a++) {
            out[ACTORS * p + a] = (float)w->force[p][a];
            out[ACTORS * places + ACTORS * p + a] = w->owner[p] == a;
        }
    out += 2 * ACTORS * places;
    for (int a = 0; a < ACTORS; a++) *out++ = (float)w->reserve[a];
    for (int a = 0; a < ACTORS; a++)
        for (int b = 0; b < ACTORS; b++)
            if (a != b) *out++ = (float)fade(w, q, a, b, t);
}

/* Somebody loses a unit in a clash; `at` lies below the number of clashes. */
static void attrition(world_t *w, int32_t at) {
    int place = place_of_whole(&w->clashes, w->places, &at), a = 0;
    int32_t *f = w->force[place], units = w->units.of_place[place];
    for (; a < ACTORS - 1; a++) {
        int32_t weight = f[a] * (units - f[a]);
        if (at < weight) break;
        at -= weight;
    }
    f[a]--;
    settle(w, place);
}

/* A place changes hands, each unit of the others as likely to take it; 0 if rounding chose a place that cannot fall. */
static int capture(world_t *w, double at, luck_t *luck) {
    int place = place_of_real(&w->pressure, w->places, at), owner = w->owner[place], a = 0;
    int32_t others = w->units.of_place[place] - w->guards[place];
    if (others <= 0) return 0;
    int32_t unit = (int32_t)(uniform(luck) * others);
    for (;; a++) {
        if (a == owner) continue;
        if (unit < w->force[place][a]) break;
        unit -= w->force[place][a];
    }
    hand_over(w, place, a);
    return 1;
}

/* a strikes one of b's guards; `at` lies between 0 and 1. */
static void strike(world_t *w, const double *q, int a, int b, double at, double t) {
    int32_t guard = (int32_t)(at * w->all_guards[b]), group = 0, place;
    if (guard >= w->all_guards[b]) guard = w->all_guards[b] - 1;
    for (; guard >= w->group_guards[b][group]; group++) guard -= w->group_guards[b][group];
    for (place = group * GROUP;; place++) {
        if (w->owner[place] != b) continue;
        if (guard < w->guards[place]) break;
        guard -= w->guards[place];
    }
    w->force[place][b]--;
    settle(w, place);
    w->grievance[b][a] = fade(w, q, b, a, t) + 1;
    w->written[b][a] = t;
}

long run_floor(int places, const int32_t *near, const double *q, const double *begin, double days, int times, uint64_t seed,
               uint64_t run, float *snapshots, double *rejections) {
    luck_t luck;
    begin_luck(&luck, seed, run);
    world_t *w = new_world(places, begin);
    const int slots = 2 * ACTORS * places + ACTORS + ACTORS * (ACTORS - 1);
    double t = 0, every = days / (times - 1);
    long events = 0, refused = 0;
    int snapshot = 0;

    for (;;) {
        double moves = 4 * q[MOVE] * w->units.all, supply = ACTORS * q[REPLENISH], losses = q[ATTRITION] * w->clashes.all;
        double falls = q[CAPTURE] * (w->pressure.all > 0 ? w->pressure.all : 0);
        double reinforcing[ACTORS], reinforcements = 0, striking[ACTORS][ACTORS], strikes = 0, cooling = 0;
        for (int a = 0; a < ACTORS; a++) {
            reinforcing[a] = q[REINFORCE] * w->reserve[a] * w->holds[a];
            reinforcements += reinforcing[a];
        }
        for (int a = 0; a < ACTORS; a++)
            for (int b = 0; b < ACTORS; b++) {
                striking[a][b] = a == b ? 0 : q[STRIKE] * w->all_guards[b] * (1 + q[EXCITE] * w->grievance[a][b]);
                strikes += striking[a][b];
                if (!MEMORIES) cooling += w->grievance[a][b];
            }
        cooling *= q[COOL];
        double total = moves + supply + losses + falls + reinforcements + strikes + cooling;
        double next = t - log(1.0 - uniform(&luck)) / total;
        for (; snapshot < times && snapshot * every <= next && snapshot * every <= days; snapshot++)
            record(w, q, snapshot * every, snapshots + (size_t)snapshot * slots);
        if (next > days) break;
        t = next;

        double u = uniform(&luck) * total;
        int a = 0, b = 0;
        if (u < moves) {
            int32_t at = (int32_t)(u / q[MOVE]), way = at & 3;
            at >>= 2;
            int place = place_of_whole(&w->units, places, &at), to = near[4 * place + way];
            for (; at >= w->force[place][a]; a++) at -= w->force[place][a];
            w->force[place][a]--;
            w->force[to][a]++;
            settle(w, place);
            settle(w, to);
        } else if ((u -= moves) < supply) {
            w->reserve[(int)(u / q[REPLENISH]) & 3] += 5;
        } else if ((u -= supply) < losses) {
            attrition(w, (int32_t)(u / q[ATTRITION]));
        } else if ((u -= losses) < falls) {
            if (!capture(w, u / q[CAPTURE], &luck)) continue;
        } else if ((u -= falls) < reinforcements) {
            for (; a < ACTORS - 1 && u >= reinforcing[a]; a++) u -= reinforcing[a];
            int at = (int)(u / reinforcing[a] * w->holds[a]);
            if (at >= w->holds[a]) at = w->holds[a] - 1;
            if (at < 0 || w->reserve[a] <= 0) continue;
            w->reserve[a]--;
            w->force[w->held[a][at]][a]++;
            settle(w, w->held[a][at]);
        } else if ((u -= reinforcements) < strikes) {
            for (int pair = 0; pair < ACTORS * ACTORS; pair++) {
                a = pair / ACTORS;
                b = pair % ACTORS;
                if (u < striking[a][b]) break;
                u -= striking[a][b];
            }
            if (u >= striking[a][b]) continue;
            if (MEMORIES) {
                double bound = 1 + q[EXCITE] * w->grievance[a][b];
                w->grievance[a][b] = fade(w, q, a, b, t);
                w->written[a][b] = t;
                if (uniform(&luck) * bound > 1 + q[EXCITE] * w->grievance[a][b]) {
                    refused++;
                    continue;
                }
            }
            strike(w, q, a, b, u / striking[a][b], t);
        } else if (!MEMORIES) {
            u = (u - strikes) / q[COOL];
            int pair = 0;
            for (; pair < ACTORS * ACTORS - 1 && u >= w->grievance[pair / ACTORS][pair % ACTORS]; pair++)
                u -= w->grievance[pair / ACTORS][pair % ACTORS];
            if (w->grievance[pair / ACTORS][pair % ACTORS] <= 0) continue;
            w->grievance[pair / ACTORS][pair % ACTORS] -= 1;
        } else {
            continue;
        }
        if ((++events & RESUM_EVERY) == 0) {
            w->pressure.all = 0;
            for (int g = 0; g < GROUPS; g++) w->pressure.of_group[g] = 0;
            for (int p = 0; p < places; p++) {
                w->pressure.of_group[p / GROUP] += w->pressure.of_place[p];
                w->pressure.all += w->pressure.of_place[p];
            }
        }
    }
    *rejections = refused;
    free(w);
    return events;
}
