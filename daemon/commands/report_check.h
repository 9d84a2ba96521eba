/* The one line and the exit status by which a monitoring system knows how the fleet is. */
#ifndef REPORT_CHECK_H
#define REPORT_CHECK_H

#include "query_report.h"
#include "str.h"

#include <stdbool.h>
#include <stdint.h>

enum report_check { REPORT_CHECK_OK, REPORT_CHECK_WARNING, REPORT_CHECK_CRITICAL, REPORT_CHECK_UNKNOWN };

/* Everything is judged once a day at the least: what is older was made by a daemon that does not run any more. */
#define REPORT_CHECK_JUDGED_MS ((int64_t)48 * 3600 * 1000)

/* Critical where something is to be acted on, else a warning where something is to be decided or the vendor's support
 * of a version has ended (ended: so many, without those that are exempt), else unknown where something is to be looked
 * at, a target is late, nothing was judged lately, or there is nothing at all; what an exemption covers counts in none
 * of these. The line ("MUSTER OK: ... | act=0;;0;0 ...") has no newline, and holds nothing of the fleet. now: wall
 * time. */
enum report_check report_check(const struct query_report_head *head, int64_t ended, int64_t now, struct str *line);

/* Of what could not be found out. */
enum report_check report_check_failed(const char *why, struct str *line);

#endif
