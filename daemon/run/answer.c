#include "answer.h"

#include <inttypes.h>
#include <stdio.h>

const char *answer_number(char buffer[ANSWER_NUMBER_SIZE], int64_t value)
{
    snprintf(buffer, ANSWER_NUMBER_SIZE, "%" PRId64, value);
    return buffer;
}

const char *answer_time(char buffer[CLOCK_TEXT_SIZE], int64_t wall)
{
    return wall == 0 ? NULL : clock_text(wall, buffer);
}
