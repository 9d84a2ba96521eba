#include "live.h"

#include "mem.h"
#include "text.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#define MOST_LINES 8
#define MOST_NAMES 100000 /* more names than there can be targets are not kept */
#define NAME_COLUMNS 30

void live_init(struct live *live, const struct style *style, bool terminal)
{
    *live = (struct live){ .style = style, .shown = terminal };
}

static void put(struct live *live)
{
    fwrite(str_text(&live->text), 1, live->text.length, live->style->out);
    fflush(live->style->out);
    str_clear(&live->text);
}

static void erase(struct live *live)
{
    if (live->height > 0)
        str_format(&live->text, "\033[%zuA\r\033[J", live->height);
    live->height = 0;
}

static void add_line(struct live *live, const struct live_line *line)
{
    char items[COUNT_TEXT_SIZE];
    size_t columns = live->style->columns;
    size_t width = columns > 0 && columns / 2 < NAME_COLUMNS ? columns / 2 : NAME_COLUMNS;

    str_add(&live->text, style_begin(live->style, TONE_DIM));
    text_fit(&live->text, line->name, width);
    str_format(&live->text, " %s%s\n", count_text((uint64_t)line->items, "item", items),
               style_end(live->style, TONE_DIM));
    live->height++;
}

static void draw(struct live *live)
{
    size_t count = live->lines.count;

    if (!live->shown)
        return;
    erase(live);
    for (size_t i = 0; i < count && i < MOST_LINES; i++)
        add_line(live, &live->lines.items[i]);
    if (count > MOST_LINES) {
        str_format(&live->text, "... and %zu more\n", count - MOST_LINES);
        live->height++;
    }
    put(live);
}

void live_finish(struct live *live)
{
    if (live->shown) {
        erase(live);
        put(live);
    }
    vec_each (line, &live->lines)
        free(line->name);
    vec_finish(&live->lines);
    str_finish(&live->text);
}

static struct live_line *find(struct live *live, const char *name)
{
    vec_each (line, &live->lines) {
        if (strcmp(line->name, name) == 0)
            return line;
    }
    return NULL;
}

void live_set(struct live *live, const char *name, int64_t items)
{
    struct live_line *line;

    if (!live->shown)
        return;
    line = find(live, name);
    if (line != NULL)
        line->items = items;
    else if (live->lines.count < MOST_NAMES)
        vec_push(&live->lines, (struct live_line){ .name = mem_text(name), .items = items });
    draw(live);
}

void live_end(struct live *live, const char *name)
{
    struct live_line *line = find(live, name);

    if (line == NULL)
        return;
    free(line->name);
    vec_remove(&live->lines, (size_t)(line - live->lines.items));
    draw(live);
}

void live_print(struct live *live, const char *line)
{
    if (live->shown)
        erase(live);
    str_add(&live->text, line);
    put(live);
    draw(live);
}
