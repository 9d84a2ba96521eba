/* What judgements ask of people, each read once within a transaction. Of the store alone.
 *
 *     struct demands demands;
 *     demands_init(&demands, sql);
 *     const struct demand *demand = demands_find(&demands, 77, err);
 *     demands_finish(&demands); */
#ifndef DEMAND_H
#define DEMAND_H

#include "arena.h"
#include "err.h"
#include "finding_row.h"
#include "map.h"
#include "need.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;

/* One that does not count, or is taken out by a rule, asks nothing and has no end of support. */
struct demand {
    int64_t id;     /* of the judgement; 0: nothing is said */
    enum need need; /* as the organisation ruled, where it did */
    enum verdict_class class;
    bool unlisted;
    bool listed;                 /* a backup server's own database shows it */
    bool parts;                  /* it is the parts of its asset that are asked whether they are protected */
    int64_t support_end;         /* of the vendor; 0: not known */
    const char *method, *server; /* the way that it is about; "" where nothing is said */
    /* Where it asks anything, or has such an end: */
    const char *verdict, *workload, *version, *installation, *product; /* "" where not known */
    const char
        *ending; /* the version that support_end is of: where several hosts are asked, it need not be `version` */
};

enum { DEMANDS_LATELY = 1024 };

struct demands {
    struct sql *sql;
    struct arena arena;
    struct map known;
    /* The last one of each number modulo this: most rows say what others near them say. */
    const struct demand *lately[DEMANDS_LATELY];
};

void demands_init(struct demands *demands, struct sql *sql);
void demands_finish(struct demands *demands);

/* It lives as long as the demands. NULL: the database failed, or has no such judgement. Number 0 is always there. */
const struct demand *demands_find(struct demands *demands, int64_t judgement, struct err *err);

/* Of which kind it makes a finding, FINDING_VERDICT or FINDING_UNLISTED (0: of none); and whether it makes one of
 * FINDING_LIFECYCLE, too, for support has ended by this time. */
enum finding_kind demand_kind(const struct demand *demand);
bool demand_has_ended(const struct demand *demand, int64_t at);

/* Its key among findings of one of these two kinds; the texts are the demand's. */
struct finding_key demand_key(const struct demand *demand, enum finding_kind kind);

/* The version that the end of support of a row j of judgement is of: `ending`. */
#define DEMAND_ENDING "coalesce(j.detail ->> '$.lifecycle.version', j.version)"

/* Of several in one unlisted key, the greatest is the finding's: the need first, then the class that stands first. */
unsigned demand_rank(enum need need, enum verdict_class class);

#endif
