#include "coverage.h"

#include <stddef.h>
#include <string.h>

bool coverage_supports(const char *verdict, const char *ruled)
{
    static const bool supports[] = {
        [VERDICT_SUPPORTED] = true,
        [VERDICT_DEPRECATED] = true,
        [VERDICT_CONDITIONAL] = true,
        [VERDICT_UNSUPPORTED] = false,
    };

    if (ruled != NULL && ruled[0] != '\0')
        return strcmp(ruled, "no") != 0;
    return supports[verdict_find(verdict)];
}

void coverage_add(struct coverage_sum *sum, bool listed, const char *verdict, const char *ruled)
{
    bool yes = coverage_supports(verdict, ruled);

    sum->listed = sum->listed || listed;
    sum->listed_yes = sum->listed_yes || (listed && yes);
    sum->any_yes = sum->any_yes || yes;
}

enum coverage coverage_of(const struct coverage_sum *sum)
{
    if (sum->listed)
        return sum->listed_yes ? COVERAGE_WELL : COVERAGE_BROKEN;
    return sum->any_yes ? COVERAGE_BARE : COVERAGE_NEITHER;
}

const char *coverage_word(enum coverage coverage)
{
    static const char *const words[] = {
        [COVERAGE_BROKEN] = "protected-unsupported",
        [COVERAGE_NEITHER] = "unprotected-unsupported",
        [COVERAGE_BARE] = "unprotected-supported",
        [COVERAGE_WELL] = "protected-supported",
    };

    return words[coverage];
}
