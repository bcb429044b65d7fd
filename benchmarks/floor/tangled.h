/* The same rates written in a roundabout way, as `Border(tangled=True)` writes them in the language. */

#define FORMULAS(F)                                                                                          \
    F(0, X(0) > 0 ? fmax(0, q[0] * exp(log(X(0)))) : 0)                                                      \
    F(1, X(0) > 0 && X(1) > 0 ? fmin(1e9, q[1] * X(0) * sqrt(X(1) * X(1))) / (1 + 0 * X(0)) : 0)             \
    F(2, q[2])                                                                                               \
    F(3, X(0) >= 1 ? q[3] * X(0) * fmax(X(1) + X(2) + X(3), 0) * exp(-log(1 + 0 * X(0))) : 0)                \
    F(4, X(0) == 1 && X(1) > 0 ? fmax(0, fmin(1e9, q[4] * X(0) * exp(log(X(1)) - log(1 + X(2))))) : 0)       \
    F(5, X(0) > 0 && X(1) > 0 ? q[5] * X(0) * X(1) * fmax(1, 1 + q[6] * X(2)) : 0)                           \
    F(6, fmax(0, X(0) > 0 ? q[7] * X(0) : 0))
#define DECAY q[7]
#define FADING_FORMULA 5
#define FADING_OPERAND 2
