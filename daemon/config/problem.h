/* Adding to what is wrong with a configuration. Sentences go through a printf format of ours; text of somebody else in
 * them is shown by text_quote(). The place is copied. */
#ifndef PROBLEM_H
#define PROBLEM_H

#include "config.h"

void problem_add(struct config_problems *problems, struct config_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One that does not keep the configuration from being used. */
void warning_add(struct config_problems *problems, struct config_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
