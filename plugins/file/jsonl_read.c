#include "jsonl_read.h"

#include "arena.h"
#include "json.h"
#include "str.h"
#include "unit.h"

#include <inttypes.h>
#include <string.h>

struct reader {
    struct relay *relay;
    FILE *stream;
    struct arena arena; /* of one line */
    struct str line;
    size_t number; /* of the line */
    int64_t items;
    int completeness; /* 0 until the end line is seen */
    bool failed;
};

enum line_result { LINE_READ, LINE_TOO_LONG, LINE_NONE };

/* An editor may have put a byte order mark in front of the first line. */
static void skip_mark(struct str *line)
{
    if (line->length < 3 || memcmp(line->bytes, "\xef\xbb\xbf", 3) != 0)
        return;
    line->length -= 3;
    memmove(line->bytes, line->bytes + 3, line->length + 1);
}

static enum line_result next_line(struct reader *reader)
{
    struct str *line = &reader->line;
    size_t size = 0;
    int c;

    str_clear(line);
    while ((c = getc_unlocked(reader->stream)) != EOF && c != '\n') {
        if (size++ < JSON_MAX_LINE)
            str_add_char(line, (char)c);
    }
    if (c == EOF && size == 0)
        return LINE_NONE;
    if (reader->number++ == 0)
        skip_mark(line);
    return size > JSON_MAX_LINE ? LINE_TOO_LONG : LINE_READ;
}

static bool is_blank(const struct str *line)
{
    return strspn(str_text(line), " \t\r") == line->length;
}

static void on_item(struct reader *reader, const struct json_line *line)
{
    reader->items++;
    relay_item(reader->relay, &line->item);
}

static void on_gone(struct reader *reader, const struct json_line *line)
{
    muster_gone(reader->relay->m, line->kind, line->key);
}

static void on_gone_by(struct reader *reader, const struct json_line *line)
{
    muster_gone_by(reader->relay->m, line->kind, line->attribute, line->value);
}

static void on_offer(struct reader *reader, const struct json_line *line)
{
    muster_offer(reader->relay->m, line->plugin, line->host, (int)line->port, line->evidence);
}

static void on_warning(struct reader *reader, const struct json_line *line)
{
    muster_warn(reader->relay->m, line->kind, line->key, "%s", line->text);
}

static void on_end(struct reader *reader, const struct json_line *line)
{
    static const struct {
        const char *word;
        int completeness;
    } ends[] = { { "complete", MUSTER_COMPLETE }, { "delta", MUSTER_DELTA }, { "partial", MUSTER_PARTIAL } };
    char items[COUNT_TEXT_SIZE];

    reader->completeness = MUSTER_PARTIAL;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strcmp(ends[i].word, line->completeness) == 0)
            reader->completeness = ends[i].completeness;
    if (line->items >= 0 && line->items != reader->items)
        relay_miss(reader->relay, NULL, NULL, "line %zu: the end line counts %s, but %" PRId64 " came", reader->number,
                   count_text((uint64_t)line->items, "item", items), reader->items);
}

static void on_fail(struct reader *reader, const struct json_line *line)
{
    enum err_class class = err_class_named(line->failure_class);

    /* The classes of err.h that a scan can have stand in the order of the ABI. */
    muster_fail(reader->relay->m, (int)class, "%s", line->text);
    reader->failed = true;
}

static void on_refused(struct reader *reader, const struct json_line *line)
{
    muster_refused(reader->relay->m, "%s", line->text);
}

static void take_line(struct reader *reader)
{
    static void (*const actions[])(struct reader *, const struct json_line *) = {
        [JSON_ITEM] = on_item, [JSON_GONE] = on_gone, [JSON_OFFER] = on_offer,     [JSON_WARNING] = on_warning,
        [JSON_END] = on_end,   [JSON_FAIL] = on_fail, [JSON_GONE_BY] = on_gone_by, [JSON_REFUSED] = on_refused,
    };
    struct json_line line;
    struct err err;

    if (json_read_line(str_text(&reader->line), reader->line.length, &reader->arena, &line, &err))
        actions[line.type](reader, &line);
    else
        relay_miss(reader->relay, NULL, NULL, "line %zu: %s; the line is skipped", reader->number, err.text);
    arena_reset(&reader->arena);
}

static void read_lines(struct reader *reader)
{
    enum line_result result;

    while (!reader->failed && (result = next_line(reader)) != LINE_NONE) {
        if (is_blank(&reader->line))
            continue;
        if (reader->completeness != 0) {
            relay_miss(reader->relay, NULL, NULL,
                       "line %zu: lines follow the end line; they are not read (are these two files in one?)",
                       reader->number);
            return;
        }
        if (result == LINE_TOO_LONG)
            relay_miss(reader->relay, NULL, NULL, "line %zu: longer than %zu bytes; the line is skipped",
                       reader->number, JSON_MAX_LINE);
        else
            take_line(reader);
    }
}

static int outcome(struct reader *reader)
{
    if (reader->failed)
        return -1;
    if (ferror(reader->stream))
        return muster_fail(reader->relay->m, MUSTER_UNREACHABLE, "%s: cannot be read behind line %zu: %m",
                           reader->relay->file, reader->number);
    if (reader->completeness == 0)
        relay_miss(reader->relay, NULL, NULL,
                   "no end line behind line %zu: the file may be cut off, so the scan is partial", reader->number);
    return reader->relay->missed ? MUSTER_PARTIAL : reader->completeness;
}

int jsonl_read(struct relay *relay, FILE *stream)
{
    struct reader reader = { .relay = relay, .stream = stream, .line = STR_EMPTY };
    int result;

    arena_init(&reader.arena, ARENA_PLAIN);
    read_lines(&reader);
    result = outcome(&reader);
    str_finish(&reader.line);
    arena_finish(&reader.arena);
    return result;
}

bool jsonl_look(FILE *stream, struct err *err)
{
    struct reader reader = { .stream = stream, .line = STR_EMPTY };
    enum line_result result;
    struct json_line line;
    bool good = false;

    arena_init(&reader.arena, ARENA_PLAIN);
    do
        result = next_line(&reader);
    while (result == LINE_READ && is_blank(&reader.line));
    if (result == LINE_NONE)
        err_set(err, ERR_PROTOCOL, "the file is empty");
    else if (result == LINE_TOO_LONG)
        err_set(err, ERR_PROTOCOL, "longer than %zu bytes", JSON_MAX_LINE);
    else
        good = json_read_line(str_text(&reader.line), reader.line.length, &reader.arena, &line, err);
    if (!good && result != LINE_NONE)
        err_add(err, "line %zu", reader.number);
    str_finish(&reader.line);
    arena_finish(&reader.arena);
    return good;
}
