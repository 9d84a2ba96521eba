/* Any bytes as a reply of the vSphere API: however they are cut into parts, the same is told; and where parts of values
 * are passed over, the same objects come. */
#include "dump.h"
#include "vim_read.h"

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

static bool keeps_half(const char *name, const char *type)
{
    return name[0] <= 'm' && type[0] != 'V';
}

static size_t lines(const struct str *text)
{
    size_t count = 0;

    for (const char *at = str_text(text); (at = strchr(at, '\n')) != NULL; at++)
        count++;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t state = size > 0 ? data[size / 2] : 0;
    struct dump_parts parts = { .next = next_part, .context = &state };
    struct str whole = STR_EMPTY, cut = STR_EMPTY, thin = STR_EMPTY;
    struct err err = ERR_EMPTY, cut_err = ERR_EMPTY, thin_err = ERR_EMPTY;
    bool good = dump_reply(&whole, (const char *)data, size, NULL, NULL, &err);

    expect(good || (err.class == ERR_PROTOCOL && err.text[0] != '\0'));
    expect(dump_reply(&cut, (const char *)data, size, &parts, NULL, &cut_err) == good);
    expect(strcmp(str_text(&whole), str_text(&cut)) == 0);
    expect(dump_reply(&thin, (const char *)data, size, &parts, keeps_half, &thin_err) || !good);
    expect(!good || lines(&thin) == lines(&whole));
    str_finish(&whole);
    str_finish(&cut);
    str_finish(&thin);
    return 0;
}
