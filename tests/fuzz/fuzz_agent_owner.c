/* Any bytes as the configuration of a protection agent: what is found is a name with its limits, what is not has a
 * reason. */
#include "agent_owner.h"

#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err = ERR_EMPTY;
    const char *owner;
    struct arena arena;

    arena_init(&arena, ARENA_PLAIN);
    if (!agent_owner_read(data, size, &arena, &owner, &err))
        expect(owner == NULL && err.class == ERR_PROTOCOL && err.text[0] != '\0');
    else if (owner != NULL)
        expect(strlen(owner) >= 1 && strlen(owner) <= 255 && utf8_valid(owner, strlen(owner)));
    arena_finish(&arena);
    return 0;
}
