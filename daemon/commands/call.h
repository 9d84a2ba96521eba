/* What the subcommands share: opening the database, printing, saying what is wrong, asking the daemon. */
#ifndef CALL_H
#define CALL_H

#include "ask.h"
#include "commands.h"
#include "err.h"
#include "query.h"
#include "table.h"

#include <stdbool.h>

/* Says on standard error what is wrong; returns the status. */
enum status call_fail(const struct call *call, enum status status, const struct err *err);

/* The database; NULL, having said why not. */
struct query *call_open(const struct call *call);

/* Prints the document. */
enum status call_print(const struct call *call, const struct document *document);

/* Whether the word is one of the known ones. Else the sentence names the nearest, "there is no target x; did you mean
 * y?", or all where none is near and they are few. */
bool call_known(const char *what, const char *word, const struct query_texts *known, struct err *err);

/* Asks the daemon with the call's operands; says what went wrong, and the daemon's own sentence: where people read, as
 * an error where it is one. */
enum status call_ask(const struct call *call, const char *verb, int silence_ms, ask_record *record, void *context);

/* The same with other arguments, and no records. */
enum status call_act(const struct call *call, const char *verb, const char *const *arguments, size_t count);

#endif
