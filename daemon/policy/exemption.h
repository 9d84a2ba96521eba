/* Exemptions: findings that the organisation accepts until a date. Which findings one covers is decided here. Pure. */
#ifndef EXEMPTION_H
#define EXEMPTION_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXEMPTION_WARN_MS ((int64_t)14 * 24 * 3600 * 1000)     /* before its end, that it ends is told */
#define EXEMPTION_MAX_MS ((int64_t)5 * 366 * 24 * 3600 * 1000) /* from now to its end */
#define EXEMPTION_MAX_NAME ((size_t)512)                       /* bytes of a member of a selector */
#define EXEMPTION_MAX_REASON ((size_t)2000)                    /* bytes */
#define EXEMPTION_MAX_TICKET ((size_t)200)                     /* bytes of a ticket, or of a name */

#define EXEMPTION_MAX_AT_ONCE 1000 /* made by one request */

/* What it covers. All that is given must hold; one that asks for nothing covers nothing. kind, method, workload,
 * installation, product, verdict and class are words; class is what is asked of people (act, decide, look), or why
 * something is unlisted (gap, ...). The others are patterns with * and ?, without regard to case; that of a target NAME
 * holds for NAME/HOST. Texts may be NULL: does not ask. */
struct exemption_selector {
    int64_t asset; /* what is about it, or comes from it (the machines of a host); 0: does not ask */
    const char *name, *kind, *method, *server, *workload, *version, *installation, *product, *verdict, *class, *owner,
        *site, *criticality, *target, *tag;
};

/* The texts of a selector, in the order that people are shown them in. */
struct exemption_member {
    const char *name; /* NULL: behind the last */
    size_t offset;    /* in struct exemption_selector */
};
extern const struct exemption_member exemption_members[];

/* NULL: none of that name. */
const struct exemption_member *exemption_member(const char *name);
const char *exemption_text(const struct exemption_selector *selector, const struct exemption_member *member);
void exemption_set(struct exemption_selector *selector, const struct exemption_member *member, const char *text);

/* What somebody wants to be exempt. Texts may be NULL but for reason. */
struct exemption_wish {
    struct exemption_selector selector;
    const char *reason, *ticket, *approved_by;
    int64_t until_at; /* wall time, after now */
};

/* Members of a line of JSON beside those of a selector: "asset" (a number), "asset_name", "reason", "ticket",
 * "approved_by", "until"; and what the export says for people alone: "id", "by", "made_at", "covers". */
struct item;

/* What a line that was read (json_read_facts) wishes for; texts are the item's. *asset_name: how the asset is called
 * there, NULL where that is not said. Refused (class config): an unknown member, naming the nearest known one, or one
 * of another type, or an `until` that is no time. Whether the wish may be is asked with exemption_check. */
bool exemption_read(const struct item *item, struct exemption_wish *wish, const char **asset_name, struct err *err);

/* The same as a line, {"asset":7,"reason":"...","until":"2027-03-31T23:59:59Z"}, without a newline. */
void exemption_write_wish(struct str *out, const struct exemption_wish *wish, const char *asset_name);

/* A time in UTC, "2027-03-31T12:00:00Z", or a day, which is meant to its end; whole seconds. now: else also how long
 * from now, "90d"; 0: that is refused. */
bool exemption_until(const char *text, int64_t now, int64_t *until_at, struct err *err);

/* When people are told that it will end: so long before, or when half of it is over. */
int64_t exemption_warn_at(int64_t made_at, int64_t until_at);

/* Whether it may be: it asks for something, its words are known, texts are valid UTF-8, not empty and within the
 * limits, there is a reason, and it ends after now and within EXEMPTION_MAX_MS. Else a sentence (class config). */
bool exemption_check(const struct exemption_wish *wish, int64_t now, struct err *err);

/* Why it is exempt or not any more: given, not blank, valid and within the limit. Class config. */
bool exemption_check_reason(const char *reason, struct err *err);

/* One protection, as a selector can ask for it. Texts may be NULL. */
struct exemption_subject {
    int64_t asset;
    int64_t cause; /* the asset that its verdict comes from; 0: itself */
    const char *name, *kind, *method, *server, *workload, *version, *installation, *product, *verdict, *class, *owner,
        *site, *criticality;
    const char *need; /* act, decide, look; "" or NULL: nothing */
    const char *const *targets, *const *tags;
    size_t target_count, tag_count;
};

bool exemption_covers(const struct exemption_selector *selector, const struct exemption_subject *subject);

/* Whether the selector asks for targets or tags, which take a look-up to know. */
bool exemption_asks_sources(const struct exemption_selector *selector);

/* The selector as JSON: {"asset":7,"workload":"server"}; without a newline. The same selector gives the same text. */
void exemption_write(struct str *out, const struct exemption_selector *selector);

/* The selector for people: "asset 7 (web), method agent". name: of the asset; NULL: not known. */
void exemption_say(struct str *out, const struct exemption_selector *selector, const char *name);

#endif
