#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recording_file.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct str recording_file_load(const char *folder, const char *name)
{
    struct str path = STR_EMPTY, bytes = STR_EMPTY;
    char buffer[4096];
    FILE *file;
    size_t size;

    str_format(&path, "%s/%s.xml", folder, name);
    file = fopen(str_text(&path), "r");
    if (file == NULL)
        fail_msg("%s is not there", str_text(&path));
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_add_bytes(&bytes, buffer, size);
    fclose(file);
    str_finish(&path);
    return bytes;
}

/* The name without .xml; false for other files. */
static bool take_name(const char *file, char *name, size_t size)
{
    size_t length = strlen(file);

    if (length < 5 || length >= size || strcmp(file + length - 4, ".xml") != 0)
        return false;
    memcpy(name, file, length - 4);
    name[length - 4] = '\0';
    return true;
}

const char *recording_file_next(const char *folder, const char *name)
{
    static char least[256];
    char former[256] = "", candidate[256];
    DIR *open = opendir(folder);
    struct dirent *entry;

    assert_non_null(open);
    if (name != NULL)
        strcpy(former, name);
    least[0] = '\0';
    while ((entry = readdir(open)) != NULL)
        if (take_name(entry->d_name, candidate, sizeof candidate) && strcmp(candidate, former) > 0 &&
            (least[0] == '\0' || strcmp(candidate, least) < 0))
            strcpy(least, candidate);
    closedir(open);
    return least[0] == '\0' ? NULL : least;
}
