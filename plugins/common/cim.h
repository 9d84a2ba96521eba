/* An instance of a CIM class as WS-Management shows it: properties by name, without regard to case; a value is a list
 * of texts, as an array of one looks like a scalar on the wire. Pure.
 *
 * Spellings (MS-WSMV 2.2.4, DSP0226, DSP0230): whole numbers in decimal, booleans as true or TRUE, datetimes as XML
 * Schema's dateTime, as a child Datetime or Interval, or as CIM's own yyyymmddhhmmss.mmmmmmsutc. A property that is nil
 * or did not come has no value; one whose text is empty has one. */
#ifndef CIM_H
#define CIM_H

#include "cim_time.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cim_property {
    const char *name;
    const char *const *texts;
    size_t count; /* 0: nil, or what is no text: a reference to or a copy of another instance */
};

struct cim_instance {
    const char *class; /* local name of its element; "" of an XmlFragment, which tells none */
    const struct cim_property *properties;
    size_t count;
};

/* NULL where it did not come. */
const struct cim_property *cim_property(const struct cim_instance *instance, const char *name);

/* The first text; NULL where there is none. */
const char *cim_text(const struct cim_instance *instance, const char *name);

/* The first text as a whole number or a truth; false where there is none, or it is not one (such as a uint64 above
 * INT64_MAX). */
bool cim_int(const struct cim_instance *instance, const char *name, int64_t *number);
bool cim_bool(const struct cim_instance *instance, const char *name, bool *truth);

/* A datetime in UTC, as cim_time.h says; false where it is none, or an interval. */
bool cim_time(const struct cim_instance *instance, const char *name, char text[CIM_TIME_SIZE]);

#endif
