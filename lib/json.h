/* Lines of JSON. Reading (json.c) alone needs the JSON library; writing (json_write.c) does without.
 *
 * One line of `muster-plugin-host --once`, and of the files that plugins/file reads, is one of
 *
 *     {"kind":"vm","key":"K","attributes":{"os.build":"6.0.6002","os.service_pack":2,"a":true,"b":["x"]},
 *      "links":[{"relation":"runs_on","kind":"hyperv_host","key":"K"},
 *               {"relation":"member_of","kind":"machine","by":{"id.fqdn":"a.example"}}],
 *      "unread":[{"attributes":"guest.","why":"switched off"}]}
 *     {"gone":{"kind":"vm","key":"K"}}
 *     {"gone_by":{"kind":"vm","attribute":"id.moref","value":"vm-7"}}
 *     {"offer":{"plugin":"sql","host":"db01.example","port":1433,"evidence":"..."}}
 *     {"warning":{"kind":"vm","key":"K","text":"..."}}          (kind and key may be missing)
 *     {"refused":{"text":"..."}}                   (the credential was, and records come all the same)
 *     {"end":{"completeness":"complete","items":60}}
 *     {"fail":{"class":"denied","text":"..."}}
 *
 * "attributes", "links" and "unread" may be missing, and "items" of an end. */
#ifndef JSON_H
#define JSON_H

#include "arena.h"
#include "err.h"
#include "item.h"
#include "str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_MAX_LINE ((size_t)8 << 20)  /* bytes of one line: six for each byte of the largest item, and some */
#define JSON_MAX_VALUES ((size_t)200000) /* values on one line: more than the largest item has */
#define JSON_MAX_WORDS ((size_t)4096)    /* bytes of evidence, of a host or of a sentence in "text" */

enum json_line_type {
    JSON_ITEM = 1,
    JSON_GONE,
    JSON_OFFER,
    JSON_WARNING,
    JSON_END,
    JSON_FAIL,
    JSON_GONE_BY,
    JSON_REFUSED
};

/* What one line says; strings live in the arena given to json_read_line. */
struct json_line {
    enum json_line_type type;
    struct item item;          /* JSON_ITEM */
    const char *kind;          /* JSON_GONE, JSON_GONE_BY, JSON_WARNING (NULL where missing) */
    const char *key;           /* JSON_GONE, JSON_WARNING (NULL where missing) */
    const char *attribute;     /* JSON_GONE_BY */
    const char *value;         /* JSON_GONE_BY */
    const char *plugin, *host; /* JSON_OFFER */
    const char *evidence;      /* JSON_OFFER */
    int64_t port;              /* JSON_OFFER: 0 (the usual one) to 65535 */
    const char *text;          /* JSON_WARNING, JSON_FAIL, JSON_REFUSED */
    const char *completeness;  /* JSON_END: complete, delta or partial */
    int64_t items;             /* JSON_END: how many item lines there were, -1 where it does not say */
    const char *failure_class; /* JSON_FAIL: a class of err.h */
};

/* Reads one line (without its newline; a carriage return at its end does no harm). False with a sentence of class
 * protocol that names the column, or the member and what was expected; *line is then of no use. A member that is not
 * listed above is refused by name: a misspelt one must not vanish in silence. Integers beyond 64 bits, reals, null,
 * NUL characters, duplicate members, invalid UTF-8 and a byte order mark are refused, and so is an item that breaks a
 * limit of item.h. Nesting cannot exhaust the stack: the JSON library stops at 2048 levels. */
bool json_read_line(const char *bytes, size_t size, struct arena *arena, struct json_line *line, struct err *err);

/* Appends the item, or the line, as one line of JSON with its newline; members in a fixed order, attributes as they
 * stand in the item, empty members left out. */
void json_add_item(struct str *out, const struct item *item);
void json_add_line(struct str *out, const struct json_line *line);

/* The parts of it that the store keeps by themselves. Facts are the attributes alone, {"os.build":"6.0.6002"}, without
 * a newline; reading them sets them in an item that was initialised, under the rules above. */
void json_add_facts(struct str *out, const struct item *item);
bool json_read_facts(const char *bytes, size_t size, struct item *item, struct err *err);
void json_add_value(struct str *out, const struct value *value);
void json_add_link(struct str *out, const struct link *link);

/* Appends text as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD; what a terminal would act on
 * or not show is escaped, so that the line can be printed. */
void json_add_text(struct str *out, const char *text);

/* Starts a member of the object that out ends in: a comma unless it is the first, the name, a colon. */
void json_add_name(struct str *out, const char *name);

#endif
