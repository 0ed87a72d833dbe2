/* The bits of a float as an integer in the order of the numbers: the next representable number is one more. */
#ifndef STEELYARD_ORDERED_H
#define STEELYARD_ORDERED_H

#include "coder.h"

ALWAYS int64_t ordered_bits64(int64_t bits)
{
    return bits ^ (int64_t)((uint64_t)(bits >> 63) >> 1);
}

ALWAYS int64_t ordered_bits32(int32_t bits)
{
    return bits ^ (int32_t)((uint32_t)(bits >> 31) >> 1);
}

ALWAYS int64_t ordered_double(double value)
{
    int64_t bits;
    memcpy(&bits, &value, 8);
    return ordered_bits64(bits);
}

ALWAYS double double_of(int64_t ordered)
{
    int64_t bits = ordered_bits64(ordered); /* its own inverse */
    double value;
    memcpy(&value, &bits, 8);
    return value;
}

ALWAYS int64_t ordered_float(float value)
{
    int32_t bits;
    memcpy(&bits, &value, 4);
    return ordered_bits32(bits);
}

ALWAYS float float_of(int64_t ordered)
{
    int32_t bits = (int32_t)ordered_bits32((int32_t)ordered);
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

#endif
