#include "table.h"

#include "clock.h"
#include "table_write.h"
#include "unit.h"

#include <assert.h>
#include <string.h>

struct cell cell_text(const char *text)
{
    return (struct cell){ .type = text == NULL ? CELL_NONE : CELL_TEXT, .text = text };
}

struct cell cell_number(int64_t number)
{
    return (struct cell){ .type = CELL_NUMBER, .number = number };
}

struct cell cell_truth(bool truth)
{
    return (struct cell){ .type = CELL_TRUTH, .number = truth };
}

static struct cell timed(enum cell_type type, int64_t wall_ms)
{
    return (struct cell){ .type = wall_ms == 0 ? CELL_NONE : type, .number = wall_ms };
}

struct cell cell_time(int64_t wall_ms)
{
    return timed(CELL_TIME, wall_ms);
}

struct cell cell_age(int64_t wall_ms)
{
    return timed(CELL_AGE, wall_ms);
}

struct cell cell_due(int64_t wall_ms)
{
    return timed(CELL_DUE, wall_ms);
}

struct cell cell_list(const struct cell_list *list)
{
    return (struct cell){ .type = CELL_LIST, .list = list };
}

struct cell cell_json(const char *json)
{
    return (struct cell){ .type = CELL_JSON, .text = json };
}

struct cell cell_toned(struct cell cell, enum tone tone)
{
    cell.tone = tone;
    return cell;
}

enum tone tone_find(const struct tone_of *tones, const char *word, enum tone fallback)
{
    for (; tones->word != NULL; tones++) {
        if (strcmp(tones->word, word) == 0)
            return tones->tone;
    }
    return fallback;
}

void document_init(struct document *document, const char *main)
{
    *document = (struct document){ .main = main };
    arena_init(&document->arena, ARENA_PLAIN);
}

void document_finish(struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        vec_finish(&document->tables[i].cells);
    document->count = 0;
    arena_finish(&document->arena);
}

struct table *document_table(struct document *document, const char *name, const struct column *columns)
{
    struct table *table = &document->tables[document->count];

    assert(document->count < DOCUMENT_MAX_TABLES);
    document->count++;
    *table = (struct table){ .name = name, .columns = columns };
    while (columns[table->column_count].name != NULL)
        table->column_count++;
    return table;
}

void table_add(struct table *table, const struct cell *cells)
{
    for (size_t i = 0; i < table->column_count; i++)
        vec_push(&table->cells, cells[i]);
}

/* What is no number, time or truth is not known: an older or newer daemon may have other words for it. */
static struct cell field_cell(struct document *document, enum cell_type type, const char *text)
{
    struct cell cell = { .type = (uint8_t)type };

    if (text == NULL)
        return cell_text(NULL);
    switch (type) {
    case CELL_NUMBER: return int_parse(text, &cell.number, NULL) ? cell : cell_text(NULL);
    case CELL_SPAN: /* seconds */
        if (!int_parse(text, &cell.number, NULL) || cell.number < 0 || cell.number > INT64_MAX / 1000)
            return cell_text(NULL);
        cell.number *= 1000;
        return cell;
    case CELL_TIME:
    case CELL_AGE:
    case CELL_DUE: return clock_parse(text, &cell.number, NULL) ? timed(type, cell.number) : cell_text(NULL);
    case CELL_TRUTH: cell.number = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0; return cell;
    default: return cell_text(arena_text(&document->arena, text));
    }
}

void table_add_record(struct document *document, struct table *table, const struct control_record *record)
{
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = &table->columns[i];

        vec_push(&table->cells, field_cell(document, column->type, control_field(record, column->name)));
    }
}

size_t table_rows(const struct table *table)
{
    return table->column_count == 0 ? 0 : table->cells.count / table->column_count;
}

struct cell *table_cell(struct table *table, size_t row, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->cells.items[row * table->column_count + i];
    }
    return NULL;
}

const char *style_begin(const struct style *style, enum tone tone)
{
    static const char *const sequences[] = {
        [TONE_PLAIN] = "",       [TONE_GOOD] = "\033[32m", [TONE_WARN] = "\033[33m",
        [TONE_BAD] = "\033[31m", [TONE_DIM] = "\033[2m",
    };

    return style->color ? sequences[tone] : "";
}

const char *style_end(const struct style *style, enum tone tone)
{
    return style->color && tone != TONE_PLAIN ? "\033[0m" : "";
}

bool document_print(const struct document *document, const struct style *style, struct err *err)
{
    static void (*const writers[])(struct document_writer *) = {
        [FORMAT_TABLE] = document_write_table,
        [FORMAT_JSON] = document_write_json,
        [FORMAT_CSV] = document_write_csv,
    };
    struct document_writer writer = { .document = document, .style = style };

    writers[style->format](&writer);
    document_flush(&writer);
    str_finish(&writer.text);
    if (fflush(style->out) == 0 && !ferror(style->out))
        return true;
    return err_system(err, "the output cannot be written");
}
