#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "str.h"
#include "yard.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct yard yard;

int yard_open(void **state)
{
    (void)state;
    umask(022);
    strcpy(yard.folder, "/tmp/test_config_XXXXXX");
    if (mkdtemp(yard.folder) == NULL || mkdir(yard_path("plugins"), 0755) != 0)
        return -1;
    yard_write("plugins/file.so", "");
    yard_write("plugins/vmware.so", "");
    yard_write("host", "");
    config_problems_init(&yard.problems);
    yard.config = NULL;
    return 0;
}

static int take_away(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

int yard_close(void **state)
{
    (void)state;
    config_unload(yard.config);
    config_problems_finish(&yard.problems);
    return nftw(yard.folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

const char *yard_path(const char *name)
{
    static char paths[8][512];
    static size_t next;
    char *path = paths[next++ % 8];

    snprintf(path, sizeof paths[0], "%s/%s", yard.folder, name);
    return path;
}

void yard_write_bytes(const char *name, const void *bytes, size_t size)
{
    int file = open(yard_path(name), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

    if (file < 0 || write(file, bytes, size) != (ssize_t)size || close(file) != 0)
        fail_msg("%s cannot be written", yard_path(name));
}

void yard_write(const char *name, const char *text)
{
    yard_write_bytes(name, text, strlen(text));
}

void yard_load_file(const char *name)
{
    config_unload(yard.config);
    config_problems_finish(&yard.problems);
    config_problems_init(&yard.problems);
    yard.config = config_load(yard_path(name), &yard.problems);
    assert_true((yard.config == NULL) == (yard.problems.list.count > 0));
}

void yard_load(const char *text)
{
    struct str whole = STR_EMPTY;

    str_format(&whole, "%s\nplugins = \"plugins\"; plugin_host = \"host\";\n", text);
    yard_write_bytes("musterd.conf", str_text(&whole), whole.length);
    str_finish(&whole);
    yard_load_file("musterd.conf");
}

static void tell(void)
{
    config_problems_print(&yard.problems);
}

void yard_loads(void)
{
    if (yard.config != NULL)
        return;
    tell();
    fail_msg("not loaded");
}

static const struct config_problem *find(const struct config_problem *problems, size_t count, const char *file,
                                         int line, const char *text)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(problems[i].place.file, file) == 0 && problems[i].place.line == line &&
            strstr(problems[i].text, text) != NULL)
            return &problems[i];
    }
    tell();
    fail_msg("nothing at %s:%d says \"%s\"", file, line, text);
    return NULL;
}

void yard_has_in(const char *file, int line, const char *text)
{
    find(yard.problems.list.items, yard.problems.list.count, yard_path(file), line, text);
}

void yard_has(int line, const char *text)
{
    yard_has_in("musterd.conf", line, text);
}

void yard_warns(int line, const char *text)
{
    find(yard.problems.warnings.items, yard.problems.warnings.count, yard_path("musterd.conf"), line, text);
}

void yard_count(size_t problems)
{
    if (yard.problems.list.count == problems)
        return;
    tell();
    fail_msg("%zu problems, not %zu", yard.problems.list.count, problems);
}

void yard_count_warnings(size_t warnings)
{
    if (yard.problems.warnings.count == warnings)
        return;
    tell();
    fail_msg("%zu warnings, not %zu", yard.problems.warnings.count, warnings);
}

int yard_says(const char *text)
{
    for (size_t i = 0; i < yard.problems.list.count; i++) {
        if (strstr(yard.problems.list.items[i].text, text) != NULL)
            return 1;
    }
    for (size_t i = 0; i < yard.problems.warnings.count; i++) {
        if (strstr(yard.problems.warnings.items[i].text, text) != NULL)
            return 1;
    }
    return 0;
}
