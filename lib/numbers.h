/* Many numbers, such as those of rows: gathered in any order, then put in order to be found.
 *
 *     number_vec numbers = VEC_EMPTY;
 *     vec_push(&numbers, 77);
 *     numbers_order(&numbers);
 *     if (numbers_have(&numbers, 77)) ...
 *     vec_finish(&numbers); */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef vec(int64_t) number_vec;

/* The lowest first, each once. */
void numbers_order(number_vec *numbers);

/* Whether it is among them, which are in order. */
bool numbers_have(const number_vec *numbers, int64_t number);

#endif
