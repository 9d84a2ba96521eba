#include "mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mem_exhausted(size_t size)
{
    fprintf(stderr, "out of memory: %zu bytes could not be had\n", size);
    abort();
}

/* The product for the message: as much as a size_t can say where it overflows. */
static size_t product(size_t count, size_t size)
{
    size_t whole;

    return __builtin_mul_overflow(count, size, &whole) ? (size_t)-1 : whole;
}

void *mem_new(size_t count, size_t size)
{
    void *memory = calloc(count, size);

    if (memory == NULL)
        mem_exhausted(product(count, size));
    return memory;
}

void *mem_grow(void *memory, size_t count, size_t size)
{
    /* Resizing to nothing would free memory and return NULL. */
    void *grown = reallocarray(memory, count > 0 ? count : 1, size > 0 ? size : 1);

    if (grown == NULL)
        mem_exhausted(product(count, size));
    return grown;
}

char *mem_text(const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL)
        mem_exhausted(strlen(text) + 1);
    return copy;
}
