/* Files that are safe to read: regular, of bounded size, and watched for changes while they are read. Opening never
 * waits, not even on a FIFO. */
#ifndef INPUT_H
#define INPUT_H

#include "err.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

#define INPUT_MAX_SIZE ((off_t)1 << 30) /* bytes of one file */
#define INPUT_MAX_ENTRIES 10000         /* entries of one folder that are looked at */
#define INPUT_NAME_SIZE 256

struct input {
    FILE *stream; /* NULL for a folder */
    int folder;   /* the folder's descriptor, -1 for a file */
    struct stat before;
};

/* Opens a file, or a folder. A symbolic link is followed: the path is the administrator's own word. */
bool input_open(struct input *input, const char *path, struct err *err);

/* Opens a file of the folder. A symbolic link is not followed: whoever may write there could point it anywhere. */
bool input_open_in(struct input *input, int folder, const char *name, struct err *err);

/* Whether the file was written to since it was opened. */
bool input_changed(const struct input *input);

void input_close(struct input *input);

/* Puts into name the one CSV file of the folder whose name holds the word, whatever the case; name is empty where
 * there is none. Two of them are an error: one of them is old. */
bool input_find(int folder, const char *word, char name[INPUT_NAME_SIZE], struct err *err);

#endif
