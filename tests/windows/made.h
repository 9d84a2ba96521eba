/* Instances that are made up, or were recorded, through the sections of a Windows computer: no host, no network.
 *
 *     made_begin();
 *     made_take(&windows_os, 0, "Caption=Windows", "Version=10.0.14393", NULL);
 *     made_finish(&windows_os);
 *     assert_string_equal(made_text("os.build"), "10.0.14393");
 *     made_end(); */
#ifndef MADE_H
#define MADE_H

#include "windows.h"

#include <stdint.h>

extern struct windows made;

void made_begin(void);
void made_end(void);

/* One instance of the section's query: properties as Name=Value, NULL at their end; a name once more is the next
 * element of an array, a word without = is nil. */
void made_take(const struct windows_section *section, size_t query, ...) __attribute__((sentinel));

/* All instances of a recorded reply. */
void made_replay(const struct windows_section *section, size_t query, const char *file);

/* What follows when the section's queries were answered; and when its namespace is not there. */
void made_finish(const struct windows_section *section);
void made_absent(const struct windows_section *section);

/* Of the computer; NULL, INT64_MIN where there is none. */
const char *made_text(const char *attribute);
int64_t made_int(const char *attribute);

/* A list as one text, blanks between; NULL where there is none. */
const char *made_list(const struct item *item, const char *attribute);

/* Why an attribute is unread; NULL: nothing says so. */
const char *made_unread(const struct item *item, const char *attribute);

/* 1 true, 0 false, -1 it has none. */
int made_truth(const struct item *item, const char *attribute);

#endif
