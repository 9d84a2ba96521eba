/* A folder of configuration files for one test, and what comes of loading them.
 *
 *     yard_load("targets = ( { name = \"a\"; plugin = \"file\"; } );");
 *     yard_loads();                          no problem, and yard.config is there
 *     yard_has(1, "no such key");            a problem at that line of the file, whose sentence holds the text
 *
 * The folder has plugins/file.so, plugins/vmware.so and a host program, all empty: nothing runs them. */
#ifndef YARD_H
#define YARD_H

#include "config.h"

#include <stddef.h>

struct yard {
    char folder[64];
    struct config *config;
    struct config_problems problems;
};

extern struct yard yard;

/* cmocka's set-up and tear-down. */
int yard_open(void **state);
int yard_close(void **state);

/* A path in the folder; good until the eighth call after. */
const char *yard_path(const char *name);

void yard_write(const char *name, const char *text);
void yard_write_bytes(const char *name, const void *bytes, size_t size);

/* Loads the text as musterd.conf; the paths of plugins and host are written behind its last line. */
void yard_load(const char *text);

/* Loads a file of the folder as it is. */
void yard_load_file(const char *name);

/* Fails unless the last load went well. */
void yard_loads(void);

/* Fails unless there is a problem, or a warning, at that line (0: about the file) whose sentence holds the text. */
void yard_has(int line, const char *text);
void yard_warns(int line, const char *text);

/* The same for a file other than musterd.conf. */
void yard_has_in(const char *file, int line, const char *text);

/* Fails unless there were so many problems. */
void yard_count(size_t problems);
void yard_count_warnings(size_t warnings);

/* Whether any sentence, of a problem or of a warning, holds the text. */
int yard_says(const char *text);

#endif
