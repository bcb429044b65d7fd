/* The draws that the compiled effects of a scenario call; an impossible one breaks the stream. */

#include "draws.h"

static double broken(uint64_t *stream) {
    stream[BROKEN] = 1;
    return 0.0;
}

EXPORT double standoff_uniform(uint64_t *stream) {
    return next_uniform(stream);
}

EXPORT double standoff_exponential(uint64_t *stream, double mean) {
    if (!(mean >= 0.0 && mean < __builtin_inf()))
        return broken(stream);
    return mean * exponential_of(next_uniform(stream));
}

EXPORT double standoff_poisson(uint64_t *stream, double mean) {
    if (!(mean >= 0.0 && mean <= MOST_DRAWN))
        return broken(stream);
    double count = 0.0, reached = exponential_of(next_uniform(stream));
    while (reached <= mean) {
        count += 1.0;
        reached += exponential_of(next_uniform(stream));
    }
    return count;
}

EXPORT double standoff_binomial(uint64_t *stream, double trials, double probability) {
    bool sound = trials >= 0.0 && trials <= MOST_DRAWN && trials == (double)(int64_t)trials;
    if (!(sound && probability >= 0.0 && probability <= 1.0))
        return broken(stream);
    double count = 0.0;
    for (int64_t left = (int64_t)trials; left > 0; left--)
        if (next_uniform(stream) < probability)
            count += 1.0;
    return count;
}

EXPORT double standoff_between(uint64_t *stream, double low, double high) {
    if (!(low > -__builtin_inf() && low <= high && high < __builtin_inf()))
        return broken(stream);
    return low + (high - low) * next_uniform(stream);
}

EXPORT double standoff_chance(uint64_t *stream, double probability) {
    if (!(probability >= 0.0 && probability <= 1.0))
        return broken(stream);
    return next_uniform(stream) < probability ? 1.0 : 0.0;
}
