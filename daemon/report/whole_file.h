/* A file that is whole or not there: it is written under another name beside it, and gets its own when it is kept.
 *
 *     struct whole_file file = WHOLE_FILE_EMPTY;
 *     good = whole_file_open(&file, path, &err) && write(..., file.out, &err) && whole_file_keep(&file, path, &err);
 *     whole_file_finish(&file);
 *
 * The other name begins with a full stop, so that whoever looks for reports does not find what a death in the middle
 * leaves. Where anything fails, what was there before is as it was. */
#ifndef WHOLE_FILE_H
#define WHOLE_FILE_H

#include "err.h"
#include "str.h"

#include <stdbool.h>
#include <stdio.h>

#define WHOLE_FILE_EMPTY                                                                                               \
    {                                                                                                                  \
        .folder = STR_EMPTY, .path = STR_EMPTY                                                                         \
    }

struct whole_file {
    struct str folder, path;
    FILE *out; /* to be written to, once it is open */
};

/* False with the system's own text where its folder takes no file. */
bool whole_file_open(struct whole_file *file, const char *path, struct err *err);

/* Gives what was written its name, once it is where a loss of power cannot take it away. */
bool whole_file_keep(struct whole_file *file, const char *path, struct err *err);

/* Takes away what was not kept. */
void whole_file_finish(struct whole_file *file);

#endif
