/* Instances that are made up, or were recorded, through the sections of a Windows computer: no host, no network.
 *
 *     pretend_begin();
 *     pretend_take(&windows_os, 0, "Caption=Windows", "Version=10.0.14393", NULL);
 *     pretend_finish(&windows_os);
 *     assert_string_equal(pretend_text("os.build"), "10.0.14393");
 *     pretend_end(); */
#ifndef PRETEND_H
#define PRETEND_H

#include "windows.h"

#include <stdint.h>

extern struct windows pretend;

void pretend_begin(void);
void pretend_end(void);

/* One instance of the section's query: properties as Name=Value, NULL at their end; a name once more is the next
 * element of an array, a word without = is nil. */
void pretend_take(const struct windows_section *section, size_t query, ...) __attribute__((sentinel));

/* All instances of a recorded reply. */
void pretend_replay(const struct windows_section *section, size_t query, const char *file);

/* What follows when the section's queries were answered; and when its namespace is not there. */
void pretend_finish(const struct windows_section *section);
void pretend_absent(const struct windows_section *section);

/* Of the computer; NULL, INT64_MIN where there is none. */
const char *pretend_text(const char *attribute);
int64_t pretend_int(const char *attribute);

/* A list as one text, blanks between; NULL where there is none. */
const char *pretend_list(const struct item *item, const char *attribute);

/* Why an attribute is unread; NULL: nothing says so. */
const char *pretend_unread(const struct item *item, const char *attribute);

/* 1 true, 0 false, -1 it has none. */
int pretend_truth(const struct item *item, const char *attribute);

#endif
