/* A database made by hand, as musterd would have left it: in a folder of its own, closed by stock_finish. */
#ifndef STOCK_H
#define STOCK_H

#include "sql.h"

#include <stdint.h>

#define STOCK_NOW INT64_C(1764000000000) /* when its fleet was looked at: 2025-11-24T16:00:00Z */
#define STOCK_HOSTILE "=cmd|'/c calc'!A1\x1b[31m\"x\",\xE2\x80\xAEgpj\n2"

struct stock {
    char folder[64], path[128];
    struct sql sql;
};

/* An empty database with the present schema. Ends the test where that fails. */
void stock_init(struct stock *stock);
void stock_finish(struct stock *stock);

void stock_run(struct stock *stock, const char *sql);

/* The same; an N stands for STOCK_NOW, where a time may: "N - 1e6". */
void stock_run_timed(struct stock *stock, const char *sql);

/* Closes the writing side, as when the daemon ends: its log stays. */
void stock_close(struct stock *stock);

/* Nine assets (one gone, one merged, two of one name, one with STOCK_HOSTILE for its name), three targets (one good,
 * one denied with a held credential, one late with held removals), relations both ways, unread sections, history. */
void stock_fleet(struct stock *stock);

/* Verdicts for its fleet, judged: web01 (1) supported by agent, which counts and somebody attests, and not by image;
 * db01 (2) unsupported by image because of esx01.example (3); twin (4) unlisted as newer; TWIN (5) unlisted as a gap,
 * with a ruling, and taken out by a rule under another server; the hostile one (8) conditional, with hostile sentences.
 */
void stock_verdicts(struct stock *stock);

/* The fleet and its verdicts with what a report tells beside them: files and rulings (one has lapsed), verdicts of the
 * last forty days (db01 changed two hours ago, old went an hour and a half ago, twin changed two weeks ago), exemptions
 * (1 and 2 in force, 3 ended two days ago, 4 long ago), hostile where a text can be. */
void stock_report(struct stock *stock);

/* What SQLite reads at a path of JSON, as text: "null" where nothing is there, "invalid" where the text is no JSON.
 * Valid until the next time. */
const char *stock_json(struct stock *stock, const char *text, const char *path);

#endif
