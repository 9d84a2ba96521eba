/* A plugin run in this very process, for plugin authors, operators, debuggers and valgrind: --once, --check, --doctor.
 * Confined only when asked to, but judged by the same code that receives a scan in the daemon. */
#ifndef FOREGROUND_H
#define FOREGROUND_H

#include "confine.h"
#include "err.h"
#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum output { OUTPUT_JSON, OUTPUT_TABLE };

struct foreground {
    const char *path;
    enum run_mode mode;
    enum output output;
    int64_t deadline_ms;                   /* 0: none */
    const struct confinement *confinement; /* NULL: as free as the caller */
    char *const *words;                    /* name=value */
    size_t word_count;
    FILE *out; /* where records go; set by foreground_run */
};

/* Prints records to standard output, words about them to standard error, where the plugin's own output goes too. False
 * with the reason where the run failed, a step of the doctor failed, or not all could be written. Once per process. */
bool foreground_run(struct foreground *foreground, struct err *err);

/* Prints what the plugin is and which options it takes. */
bool foreground_describe(const char *path, enum output output, struct err *err);

#endif
