/* One row of the table finding and its life: the one place that writes it, and the events of findings. Of the store
 * alone. */
#ifndef FINDING_ROW_H
#define FINDING_ROW_H

#include "err.h"
#include "judging.h"
#include "need.h"
#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>

struct sql;
struct str;

enum finding_kind { FINDING_VERDICT = 1, FINDING_UNLISTED, FINDING_LIFECYCLE, FINDING_STALE };

/* Which one. What does not belong to the kind is 0 or NULL. Texts are borrowed. */
struct finding_key {
    enum finding_kind kind;
    int64_t asset;                      /* verdict */
    const char *method, *server;        /* verdict */
    const char *workload, *version;     /* unlisted, lifecycle */
    const char *installation, *product; /* unlisted */
    int64_t target;                     /* stale */
};

/* How it is from now on. */
struct finding_now {
    enum need need;      /* NEED_NOTHING: it is over */
    const char *verdict; /* words; NULL or "" for none */
    const char *class;
    int64_t judgement; /* what is said of it, or of one of its assets; 0: none */
    int64_t assets;    /* 1 but for unlisted and lifecycle */
    int64_t exempt;    /* how many of them */
    int64_t exemption; /* the first that covers any; 0: none */
    bool gone;         /* of one that is over: what it was about is not there any more */
};

/* What an open one has. */
struct finding_sum {
    bool open; /* else all is 0 */
    enum need need;
    enum verdict_class class;
    int64_t judgement, assets, exempt, exemption;
};

bool finding_sum(struct sql *sql, const struct finding_key *key, struct finding_sum *sum, struct err *err);

/* Brings the row to this, and writes an event where people would be told something else (its need, verdict, class;
 * open or not). Nothing is written where nothing differs, and where there is no row and it is over. An end is `retired`
 * where gone is set, `superseded` where occasion->anew is, else `resolved`. occasion: for the event's batch, journal
 * and target; may be NULL. One that is exempt as a whole gets its events all the same: whether they are told is decided
 * when they are (outbox.h). One that was, and is not any more, is told again as opened, also to who
 * heard of it before. */
bool finding_set(struct sql *sql, const struct finding_key *key, const struct finding_now *now,
                 const struct occasion *occasion, int64_t at, struct err *err);

/* Of a protection that says the same with another judgement, while nothing is exempt: half the work of finding_set,
 * which has to follow where *done is false afterwards (the row is not as that supposes, or is not there). */
bool finding_move(struct sql *sql, const struct finding_key *key, const struct finding_now *now, bool *done,
                  struct err *err);

const char *finding_kind_word(enum finding_kind kind);

/* Puts into name what tells this key of an unlisted or lifecycle finding from all others: bytes, for a map. */
void finding_key_name(struct str *name, const struct finding_key *key);

/* What people are told of an open one, "act unlisted newer": its need, verdict and class, as far as it has them. */
#define FINDING_STATE_SIZE 72
const char *finding_state(char text[static FINDING_STATE_SIZE], const char *need, const char *verdict,
                          const char *class);

#endif
