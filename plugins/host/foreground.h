/* A plugin run in this very process, for plugin authors, operators, debuggers and valgrind: --once, --check, --doctor.
 * Not confined, but judged by the same code that receives a scan in the daemon. */
#ifndef FOREGROUND_H
#define FOREGROUND_H

#include "err.h"
#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum output { OUTPUT_JSON, OUTPUT_TABLE };

struct foreground {
    const char *path;
    enum run_mode mode;
    enum output output;
    int64_t deadline_ms; /* 0: none */
    char *const *words;  /* name=value */
    size_t word_count;
};

/* Prints records to standard output, words about them to standard error. False with the reason where the run failed
 * or, in the doctor's case, a step did. */
bool foreground_run(const struct foreground *foreground, struct err *err);

/* Prints what the plugin is and which options it takes. */
bool foreground_describe(const char *path, enum output output, struct err *err);

#endif
