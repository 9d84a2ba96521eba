/* The order of versions as vendors write them: "10.0.14393", "2012 R2 SP1", "6.5 U3", "15.1 (Build 1466.3)".
 *
 * A version is read as numbers and words; all other characters only separate, so "2012R2", "2012 R2" and "2012-r2" are
 * the same. Bytes above ASCII count as letters. It is compared part by part, first difference wins:
 *
 * - Numbers by value, of any length: 15.00.1497.002 = 15.0.1497.2.
 * - A number that is not there is 0: 6.5 = 6.5.0, and "6.5 SP1" = "6.5.0 SP1"; "" = "0".
 * - Any further number orders after any word: "6.5" < "6.5a" < "6.5 SP1" < "6.5.1".
 * - Words without regard to case, in this order:
 *       dev  alpha  beta  preview pre ctp  rc     before the plain version
 *       nothing, rtm, ga, version, ver            the plain version
 *       build                                     also a number that stands directly behind a bracket: "6.1 (7601)"
 *       any other word                            by its letters: 5.5 < 5.5a < 5.5b
 *       u update cu ur ru cumulative rollup       an update of a level
 *       sp service pack                           a service pack: after every update of the level before
 *       r release                                 2012 < 2012 CU5 < 2012 SP1 < 2012 SP2 < 2012 R2 < 2012 R2 SP1
 *   Words of one line mean the same, and stand for one where they follow each other: "Service Pack 1" = "SP1".
 * - "subscription" (edition) orders after every number.
 * - A "v" that leads to a number at the start is no part of it: v2 = 2.
 *
 * So a build in brackets only decides between versions that are otherwise equal: it is not the same as a third number.
 * Half-year names (20H2, 21H2) order among themselves, not with older ones (1909). */
#ifndef VERSION_H
#define VERSION_H

#include <stddef.h>
#include <stdint.h>

/* Below, at or above 0 as a is older than, the same as or newer than b. A total order of all strings. */
int version_compare(const char *a, const char *b);

/* The number at that place, counted from 0 and over words and brackets ("6.1 (7601)" has 7601 at 2); -1 where there is
 * none or it is above INT64_MAX. */
int64_t version_number(const char *text, size_t index);

#endif
