#include "report_files.h"

#include "mem.h"
#include "report_plan.h"
#include "vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef vec(char *) name_vec;

/* Behind the name of what it was to be: a full stop and what mkstemp(3) made of its six X. */
static bool is_draft(const char *name, const char *format, const char *file)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char whole[256]; /* no name is longer */
    const char *dot = strrchr(file, '.');

    if (file[0] != '.' || dot == file || strlen(dot + 1) != 6 || strspn(dot + 1, letters) != 6 ||
        (size_t)(dot - file) > sizeof whole)
        return false;
    memcpy(whole, file + 1, (size_t)(dot - file) - 1);
    whole[dot - file - 1] = '\0';
    return report_plan_owns(name, format, whole);
}

static bool gather(DIR *folder, const char *name, const char *format, name_vec *names)
{
    const struct dirent *entry;

    errno = 0;
    while ((entry = readdir(folder)) != NULL) {
        if (is_draft(name, format, entry->d_name))
            unlinkat(dirfd(folder), entry->d_name, 0);
        else if (report_plan_owns(name, format, entry->d_name))
            vec_push(names, mem_text(entry->d_name));
        errno = 0;
    }
    return errno == 0;
}

static int newest_first(const void *a, const void *b)
{
    return strcmp(*(char *const *)b, *(char *const *)a);
}

bool report_files_prune(const char *folder, const char *name, const char *format, size_t keep, struct err *err)
{
    DIR *there = opendir(folder);
    name_vec names = VEC_EMPTY;
    bool good;

    if (there == NULL)
        return err_system(err, "%s cannot be looked through for older reports", folder);
    good =
        gather(there, name, format, &names) || err_system(err, "%s cannot be looked through for older reports", folder);
    if (names.count > 1)
        qsort(names.items, names.count, sizeof *names.items, newest_first);
    for (size_t i = keep; good && i < names.count; i++) {
        if (unlinkat(dirfd(there), names.items[i], 0) != 0 && errno != ENOENT)
            good =
                err_system(err, "%s/%s cannot be removed, and there are %zu that are newer", folder, names.items[i], i);
    }
    vec_each (one, &names)
        free(*one);
    vec_finish(&names);
    closedir(there);
    return good;
}
