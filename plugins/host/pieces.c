#include "pieces.h"

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#define LARGEST 1024 /* bytes of a piece; one that is larger has room for more than one thing */
#define STEP 16      /* between the sizes that the allocator knows */
#define MAX_PIECES 100000

/* Whether a piece of the size was free: else it came from the heap's end, and goes back. An allocator that tells of no
 * end is another one, of a sanitizer perhaps. */
static bool take_piece(size_t size)
{
    size_t end = mallinfo2().keepcost;
    void *volatile piece = malloc(size); /* volatile: what is never used would not be allocated */

    if (piece != NULL && end > 0 && mallinfo2().keepcost == end)
        return true;
    free(piece);
    return false;
}

/* From the largest on: what is split leaves a smaller one. */
void pieces_take(void)
{
    size_t pieces = 0;

    for (size_t size = LARGEST - 2 * sizeof(void *); size >= STEP; size -= STEP)
        while (pieces < MAX_PIECES && take_piece(size))
            pieces++;
}
