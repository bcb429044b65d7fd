/* The rates of the contested border, compiled into the floor; q is in the order of Border.constants. */

#define FORMULAS(F)                                                      \
    F(0, q[0] * X(0))                              /* move */            \
    F(1, q[1] * X(0) * X(1))                       /* reinforce */       \
    F(2, q[2])                                     /* replenish */       \
    F(3, q[3] * X(0) * (X(1) + X(2) + X(3)))       /* attrition */       \
    F(4, q[4] * X(0) * X(1) / (1 + X(2)))          /* capture */         \
    F(5, q[5] * X(0) * X(1) * (1 + q[6] * X(2)))   /* strike */          \
    F(6, q[7] * X(0))                              /* cool */
#define DECAY q[7]
#define FADING_FORMULA 5
#define FADING_OPERAND 2
