/* A plugin compiled with the first header loads for ever: today's header keeps all that version 1 promised. */
#include "abi_table.h"

#include <stdio.h>

static int broken(const struct abi_row *then, const struct abi_row *now)
{
    if (now->value == then->value || (then->rule == ABI_NOT_LESS && now->value > then->value))
        return 0;
    printf("%s was %lld in version 1 and is %lld now: plugins compiled then would break\n", then->name, then->value,
           now->value);
    return 1;
}

int main(void)
{
    int bad = 0;

    for (size_t i = 0; i < abi_table_v1.count; i++)
        bad += broken(&abi_table_v1.rows[i], &abi_table_today.rows[i]);
    printf("%zu promises of version 1, %d broken\n", abi_table_v1.count, bad);
    return bad > 0;
}
