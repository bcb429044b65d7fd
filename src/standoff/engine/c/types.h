/* What the kernel works on. `engine/structures.py` has the same structures, and a test holds them to each other, so
   every field takes eight bytes and stands on a line of its own. */

#ifndef STANDOFF_TYPES_H
#define STANDOFF_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What `native.py` has compiled of a scenario. */
typedef void value_code(int64_t count, const int32_t *rows, double *out, double t, const int64_t *context);
typedef int64_t fire_code(int64_t row, double t, const int64_t *context);

/* Why the kernel comes back, if not for a fault, whose number is above these. */
enum { DONE, NEEDS_SPACE, PAUSED, IMPOSSIBLE, DECLINED, ASKS };
/* `clock` of a state; TURN is when time turns the next guard. */
enum { T, TOTAL, PEAK, VALUE, PENDING, TURN };
/* `counts` of a state. ASKED is one more than the ground rule that asks as the kernel comes back, and than the one that
   fires first as it is called again. No trigger below NONE_BELOW is armed. */
enum { FIRED, REJECTED, ARMED, NEXT_GRID, NEXT_TIMED, SINCE, INSTANT, EVENTS, FAULT_RULE, ASKED, NONE_BELOW, TURNED };
/* `kinds` of a walk. */
enum { RATE, TRIGGER, TIMED, FACTOR };
/* `spans` of a walk, for each chunk: its first member, how many each leaf has, and the first factor in `factors`. */
enum { FIRST, EACH, FACTORS, SPAN };
/* `stream` of a state. */
enum { KEY, COUNTER, SPARE, HAS_SPARE, BROKEN };

#define MOST_RATE 1e300
#define MOST_AT_ONCE 10000
#define BOUND_SLACK (1.0 + 1e-9)

/* The sums of one chunk of leaves; `factor` is that of all members of one of them, `most` is its largest sum since it
   was made anew. */
struct chunk {
    double factor;
    double sum;
    double weight;
    double most;
};

/* The tables of one sampler, the same for all runs. What only the other sampler needs is null. */
struct walk {
    const int32_t *slot_start;
    const int32_t *dep_rule;
    const int32_t *dep_start;
    const int32_t *dep_rows;
    const int32_t *dep_target;
    value_code *const *values;
    value_code *const *exacts;
    fire_code *const *fires;
    value_code *const *tallies;
    int64_t tally_count;
    const int32_t *tally_firsts;
    const int32_t *term_rows;
    const int32_t *total_of;
    const int32_t *terms_of;
    int64_t total_count;
    const int32_t *tally_start;
    const int32_t *tally_of;
    const int32_t *tally_row_start;
    const int32_t *tally_rows;
    const int32_t *tally_terms;
    const int32_t *kinds;
    const int32_t *firsts;
    const bool *bounded;
    const int32_t *rule_of;
    const int32_t *memory_start;
    const int32_t *memory_slots;
    int64_t trigger_end;
    value_code *const *mays;
    value_code *const *musts;
    const int32_t *turning;
    const bool *timely;
    int64_t turn_count;
    const int32_t *turn_rules;
    const int32_t *every_row;
    const double *grid;
    int64_t grid_count;
    value_code *const *watches;
    const int64_t *watch_firsts;
    const int64_t *watch_sizes;
    int64_t watch_count;
    int64_t columns;
    value_code *const *answers;
    int64_t answer_count;
    const int32_t *leaf_of;
    const int32_t *member_start;
    const int32_t *member;
    const int32_t *chunk_of;
    const int32_t *block_start;
    const int32_t *chunk_start;
    const int32_t *spans;
    const int32_t *factors_start;
    const int32_t *factors;
    const int32_t *groups_start;
    const int32_t *groups;
    int64_t leaf_count;
    int64_t group_count;
    int64_t block_count;
    int64_t chunk_count;
    int64_t row_count;
    int64_t clock_count;
    int64_t top_count;
    int64_t shift;
    double last_day;
};

/* The arrays of one run, for as long as it lasts. */
struct state {
    const int64_t *context;
    double *out;
    int64_t *touched;
    double *head;
    double *kept;
    double *x;
    double *last;
    double *decay;
    uint64_t *stream;
    double *terms;
    double *totals;
    int64_t *broken;
    double *leaves;
    double *factors;
    double *blocks;
    struct chunk *chunks;
    double *rows;
    const uint64_t *keys;
    int64_t *proposals;
    double *left;
    double *since;
    double *times;
    double *soonest;
    double *tops;
    bool *truth;
    bool *armed;
    double *until;
    double *turns;
    double *turned;
    double *clock;
    int64_t *counts;
    int64_t *zeros;
    int64_t zero_count;
};

/* How runs start: what slots hold, and how those are worked out that a parameter moves. */
struct start {
    const double *begin;
    int64_t slot_count;
    const int64_t *parameters;
    int64_t parameter_count;
    value_code *const *values;
    const int64_t *value_slots;
    const double *value_lows;
    const double *value_highs;
    int64_t value_count;
    value_code *const *half_lives;
    const int64_t *fading_starts;
    const int64_t *fading_ends;
    int64_t fading_count;
    const double *weights;
    const int32_t *templates;
    const int32_t *row_start;
    const int32_t *rows;
    const int32_t *targets;
    int64_t segment_count;
};

/* How far one call leads a run, and what it records. */
struct call {
    double end;
    const double *days;
    const int64_t *dated;
    const int64_t *calls;
    int64_t dated_count;
    double *series;
    double *event_time;
    int32_t *event_rule;
    int32_t *event_source;
    int32_t *event_target;
    int32_t *event_place;
    double *event_size;
    int64_t room;
    const bool *silent;
    const bool *asked;
    int64_t frozen;
    int64_t record;
    int64_t limit;
};

/* The C library's functions, so that the kernel rounds as its twin does; `kernel.py` sets them as it loads this. */
struct c_library {
    double (*exp)(double);
    double (*log)(double);
    int64_t (*time)(void *);
};

extern __attribute__((visibility("hidden"))) struct c_library c_library;

#define INLINE static inline __attribute__((always_inline))
#define EXPORT __attribute__((visibility("default")))

/* As Python has them where a number is not one. */
INLINE double larger(double a, double b) {
    return b > a ? b : a;
}

INLINE double smaller(double a, double b) {
    return b < a ? b : a;
}

#endif
