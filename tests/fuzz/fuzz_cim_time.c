/* Any bytes as a point in time: what is read is one of the inventory's, and read again is the same. */
#include "cim_time.h"
#include "clock.h"
#include "mem.h"

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
    char *text = mem_new(size + 1, 1), utc[CIM_TIME_SIZE], again[CIM_TIME_SIZE];
    int64_t ms;

    if (size > 0)
        memcpy(text, data, size);
    if (cim_time_read(text, utc)) {
        expect(strlen(utc) == strlen("2018-03-01T12:00:00Z"));
        expect(cim_time_read(utc, again) && strcmp(utc, again) == 0);
        expect(strcmp(utc, "1970") < 0 || clock_parse(utc, &ms, NULL));
    }
    free(text);
    return 0;
}
