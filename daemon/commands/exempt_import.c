#include "exempt_import.h"

#include "arena.h"
#include "call.h"
#include "exemption.h"
#include "item.h"
#include "json.h"
#include "text.h"
#include "vec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BLOCK ((size_t)64 << 10)

struct import {
    const struct call *call;
    const char *path; /* for sentences */
    struct arena arena;
    struct str bytes;
    size_t line;             /* the one that is read, from 1 */
    vec(const char *) lines; /* as the daemon gets them */
};

static bool read_stream(struct import *import, FILE *stream, struct err *err)
{
    size_t taken = 1;

    while (taken > 0 && import->bytes.length <= EXEMPT_IMPORT_MAX) {
        char *room = str_room(&import->bytes, BLOCK);

        taken = fread(room, 1, BLOCK, stream);
        import->bytes.length += taken;
        room[taken] = '\0';
    }
    if (ferror(stream))
        return err_system(err, "%s cannot be read", import->path);
    return import->bytes.length <= EXEMPT_IMPORT_MAX ||
           err_set(err, ERR_CONFIG, "%s is larger than the %zu bytes that one import takes: part it", import->path,
                   EXEMPT_IMPORT_MAX);
}

static bool read_file(struct import *import, const char *path, struct err *err)
{
    FILE *stream;
    bool good;

    if (strcmp(path, "-") == 0)
        return read_stream(import, stdin, err);
    stream = fopen(path, "re");
    if (stream == NULL)
        return err_system(err, "%s cannot be opened", import->path);
    errno = 0;
    good = read_stream(import, stream, err);
    fclose(stream);
    return good;
}

/* What is for people alone is left out: the daemon gets what it acts on. */
static bool take_line(struct import *import, const char *bytes, size_t size, struct err *err)
{
    struct exemption_wish wish;
    struct str line = STR_EMPTY;
    const char *asset_name;
    struct item item;

    item_init(&item, &import->arena, "exemption", "line");
    if (!json_read_facts(bytes, size, &item, err) || !exemption_read(&item, &wish, &asset_name, err) ||
        !exemption_check(&wish, import->call->style.now, err))
        return false;
    if (import->lines.count == EXEMPTION_MAX_AT_ONCE)
        return err_set(err, ERR_CONFIG, "there are more than the %d exemptions that one import takes: part it",
                       EXEMPTION_MAX_AT_ONCE);
    exemption_write_wish(&line, &wish, asset_name);
    vec_push(&import->lines, arena_text(&import->arena, str_text(&line)));
    str_finish(&line);
    return true;
}

static bool is_blank(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (strchr(" \t\r", bytes[i]) == NULL || bytes[i] == '\0')
            return false;
    }
    return true;
}

static bool take_lines(struct import *import, struct err *err)
{
    const char *at = str_text(&import->bytes), *end = at + import->bytes.length;

    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((newline == NULL ? end : newline) - at);

        import->line++;
        if (!is_blank(at, size) && !take_line(import, at, size, err))
            return err_add(err, "%s:%zu", import->path, import->line);
        at += size + (newline != NULL);
    }
    return import->lines.count > 0 || err_set(err, ERR_CONFIG, "%s has no exemption in it", import->path);
}

enum status exempt_import(const struct call *call, const char *path)
{
    char quote[TEXT_QUOTE_SIZE];
    struct import import = { .call = call };
    struct err err = ERR_EMPTY;
    enum status status;

    import.path = strcmp(path, "-") == 0 ? "standard input" : text_quote(quote, path);
    arena_init(&import.arena, ARENA_PLAIN);
    if (!read_file(&import, path, &err))
        status = call_fail(call, STATUS_COULD_NOT, &err);
    else if (!take_lines(&import, &err))
        status = call_fail(call, STATUS_USAGE, &err);
    else
        status = call_act(call, "exempt", import.lines.items, import.lines.count);
    vec_finish(&import.lines);
    str_finish(&import.bytes);
    arena_finish(&import.arena);
    return status;
}
