/* Any bytes as a reply of WS-Management: however they are cut into parts, the same is told. */
#include "reply_dump.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

/* 1 to 16, after what the last ones were. */
static size_t next_part(void *context)
{
    uint32_t *state = context;

    *state = *state * 1664525 + 1013904223;
    return 1 + (*state >> 28);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t state = size > 0 ? data[size / 2] : 0;
    struct reply_parts parts = { .next = next_part, .context = &state };
    struct str whole = STR_EMPTY, cut = STR_EMPTY;
    struct err err = ERR_EMPTY, cut_err = ERR_EMPTY;
    bool good = reply_dump(&whole, (const char *)data, size, NULL, &err);

    expect(good || (err.class == ERR_PROTOCOL && err.text[0] != '\0'));
    expect(reply_dump(&cut, (const char *)data, size, &parts, &cut_err) == good);
    expect(strcmp(str_text(&whole), str_text(&cut)) == 0);
    str_finish(&whole);
    str_finish(&cut);
    return 0;
}
