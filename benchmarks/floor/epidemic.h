/* The rates of the epidemic in a closed population. */

#define FORMULAS(F)            \
    F(0, q[0] * X(0) * X(1))   \
    F(1, q[1] * X(0))
#define DECAY 0.0
#define FADING_FORMULA -1
#define FADING_OPERAND 0
