/* Gives the items of one web their assets, as assets.h says. */
#ifndef SETTLE_H
#define SETTLE_H

#include "err.h"
#include "web.h"

#include <stdbool.h>
#include <stdint.h>

struct settle {
    struct webs *webs;
    int64_t journal, at;
};

bool settle_web(const struct settle *settle, struct web *web, struct err *err);

#endif
