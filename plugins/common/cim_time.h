/* A point in time as CIM and XML Schema write it. Pure.
 *
 *     2018-03-01T13:00:00.5+01:00     XML Schema's dateTime; Z, or no zone, for UTC
 *     2018-03-01                      its date: midnight
 *     20180301130000.500000+060       CIM's own (DSP0004 5.2.4), minutes from UTC; *** for UTC
 *
 * Parts of a second are dropped. Intervals, times without a day, and days that do not exist are none. */
#ifndef CIM_TIME_H
#define CIM_TIME_H

#include <stdbool.h>

#define CIM_TIME_SIZE 40

/* In UTC as the inventory writes it: "2018-03-01T12:00:00Z", of the years 1 to 9999. False: none, or NULL. */
bool cim_time_read(const char *text, char utc[CIM_TIME_SIZE]);

#endif
