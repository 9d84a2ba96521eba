/* Facts of a thing from a line of text, for tables of tests:
 *
 *     fact_line_read(&arena, thing, "os.build=6.1.7601; os.sku=7; volume.dedup=true; os.hotfixes=KB1,KB2")
 *
 * The data dictionary tells the types; a list has commas between its texts, and [] is an empty one. A name without a
 * dot is a text, as the derived facts of the backup server are. */
#ifndef FACT_LINE_H
#define FACT_LINE_H

#include "arena.h"
#include "thing.h"

/* Replaces the facts of the thing; a test that is written wrongly fails. "" is none. */
void fact_line_read(struct arena *arena, struct thing *thing, const char *text);

#endif
