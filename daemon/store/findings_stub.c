#include "findings.h"
bool findings_recount(struct sql *sql, const struct occasion *occasion, int64_t at, struct err *err)
{
    (void)sql, (void)occasion, (void)at, (void)err;
    return true;
}
