/* What the subcommands share: opening the database, printing, saying what is wrong. */
#ifndef CALL_H
#define CALL_H

#include "arena.h"
#include "ask.h"
#include "commands.h"
#include "err.h"
#include "query.h"
#include "table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Says on standard error what is wrong; returns the status. */
enum status call_fail(const struct call *call, enum status status, const struct err *err);

/* The database; NULL, having said why not. */
struct query *call_open(const struct call *call);

/* Prints the document. */
enum status call_print(const struct call *call, const struct document *document);

/* The asset that ITEM means. STATUS_DONE and its id, or having said what it may be, STATUS_USAGE. */
enum status call_find(const struct call *call, struct query *query, const char *item, struct arena *arena, int64_t *id);

/* Whether the word is one of the known ones. Else the sentence names the nearest: "there is no target x; did you mean
 * y?" */
bool call_known(const char *what, const char *word, const struct query_texts *known, struct err *err);

/* A query's list of texts as a cell. */
struct cell call_texts(struct arena *arena, const struct query_texts *texts);

/* The state of an asset as a word: present, stale or gone; toned. */
struct cell call_asset_state(const struct query_asset *asset);

/* A target's result, toned: complete and delta are good, partial and never are worth a look, the rest is bad. */
struct cell call_result(const char *result);
bool call_result_is_good(const char *result);

/* Asks the daemon with the call's operands; says what went wrong, and the daemon's own sentence: where people read, as
 * an error where it is one. */
enum status call_ask(const struct call *call, const char *verb, int silence_ms, ask_record *record, void *context);

#endif
