/* What an asset decides for others, told to people: "It decides the image protection of DB01 and WEB01: ..." */
#ifndef EFFECTS_H
#define EFFECTS_H

#include "query_protection.h"
#include "sheet.h"
#include "view.h"

/* A line for each of them. The first few of the others are named where they are tied to the asset itself, as virtual
 * machines are to their host; the rest is counted. False: the database could not be read. */
bool effects_lines(struct view *view, struct sheet *sheet, const struct query_effects *effects,
                   const struct query_detail *detail, struct err *err);

#endif
