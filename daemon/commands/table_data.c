/* JSON and CSV: for programs, so nothing is shortened and times are absolute. */
#include "clock.h"
#include "json.h"
#include "table_write.h"
#include "text.h"
#include "utf8.h"

#include <inttypes.h>
#include <string.h>

#define FLUSH_BYTES 65536

void document_flush(struct document_writer *writer)
{
    fwrite(str_text(&writer->text), 1, writer->text.length, writer->style->out);
    str_clear(&writer->text);
}

/* JSON from the database, with what a terminal would act on written as escapes. In valid JSON such characters stand
 * only within strings. */
static void add_checked_json(struct str *out, const char *json)
{
    while (*json != '\0') {
        size_t length;
        uint32_t code = utf8_decode(json, &length);

        if (!text_is_unseen(code))
            str_add_bytes(out, json, length);
        else if (code >= 0x10000)
            str_format(out, "\\u%04x\\u%04x", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
        else if (code >= 0x20)
            str_format(out, "\\u%04x", code);
        json += length;
    }
}

static void add_json_list(struct str *out, const struct cell_list *list)
{
    str_add_char(out, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            str_add_char(out, ',');
        if (list->numbers)
            str_add(out, list->texts[i]);
        else
            json_add_text(out, list->texts[i]);
    }
    str_add_char(out, ']');
}

static void add_json_cell(struct str *out, const struct cell *cell)
{
    char time[CLOCK_TEXT_SIZE];

    switch ((enum cell_type)cell->type) {
    case CELL_NONE: str_add(out, "null"); break;
    case CELL_TEXT:
    case CELL_PROSE: json_add_text(out, cell->text); break;
    case CELL_NUMBER: str_format(out, "%" PRId64, cell->number); break;
    case CELL_TRUTH: str_add(out, cell->number != 0 ? "true" : "false"); break;
    case CELL_TIME:
    case CELL_AGE:
    case CELL_DUE: str_format(out, "\"%s\"", clock_text(cell->number, time)); break;
    case CELL_SPAN: str_format(out, "%" PRId64, cell->number / 1000); break;
    case CELL_LIST: add_json_list(out, cell->list); break;
    case CELL_JSON: add_checked_json(out, cell->text); break;
    }
}

static void add_json_row(struct str *out, const struct table *table, const struct cell *cells)
{
    const char *comma = "";

    str_add_char(out, '{');
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].hidden)
            continue;
        str_add(out, comma);
        json_add_text(out, table->columns[i].name);
        str_add_char(out, ':');
        add_json_cell(out, &cells[i]);
        comma = ",";
    }
    str_add_char(out, '}');
}

static void write_json_table(struct document_writer *writer, const struct table *table)
{
    size_t rows = table_rows(table);

    if (table->single && rows == 0)
        str_add(&writer->text, "null");
    if (!table->single)
        str_add_char(&writer->text, '[');
    for (size_t row = 0; row < rows; row++) {
        if (!table->single)
            str_add(&writer->text, row == 0 ? "\n  " : ",\n  ");
        add_json_row(&writer->text, table, &table->cells.items[row * table->column_count]);
        if (writer->text.length >= FLUSH_BYTES)
            document_flush(writer);
    }
    if (!table->single)
        str_add(&writer->text, rows == 0 ? "]" : "\n]");
}

void document_write_json(struct document_writer *writer)
{
    const struct document *document = writer->document;

    if (document->count == 1) {
        write_json_table(writer, &document->tables[0]);
    } else {
        str_add_char(&writer->text, '{');
        for (size_t i = 0; i < document->count; i++) {
            str_add(&writer->text, i == 0 ? "\n" : ",\n");
            json_add_text(&writer->text, document->tables[i].name);
            str_add(&writer->text, ": ");
            write_json_table(writer, &document->tables[i]);
        }
        str_add(&writer->text, "\n}");
    }
    str_add_char(&writer->text, '\n');
}

static void add_csv_list(struct str *out, const struct cell_list *list)
{
    struct str text = STR_EMPTY;

    for (size_t i = 0; i < list->count; i++)
        str_format(&text, "%s%s", i == 0 ? "" : "; ", list->texts[i]);
    text_csv(out, str_text(&text));
    str_finish(&text);
}

static void add_csv_json(struct str *out, const char *json)
{
    struct str text = STR_EMPTY;

    add_checked_json(&text, json);
    text_csv(out, str_text(&text));
    str_finish(&text);
}

static void add_csv_cell(struct str *out, const struct cell *cell)
{
    char time[CLOCK_TEXT_SIZE];

    switch ((enum cell_type)cell->type) {
    case CELL_NONE: break;
    case CELL_TEXT:
    case CELL_PROSE: text_csv(out, cell->text); break;
    case CELL_NUMBER: str_format(out, "%" PRId64, cell->number); break;
    case CELL_TRUTH: str_add(out, cell->number != 0 ? "true" : "false"); break;
    case CELL_TIME:
    case CELL_AGE:
    case CELL_DUE: str_add(out, clock_text(cell->number, time)); break;
    case CELL_SPAN: str_format(out, "%" PRId64, cell->number / 1000); break;
    case CELL_LIST: add_csv_list(out, cell->list); break;
    case CELL_JSON: add_csv_json(out, cell->text); break;
    }
}

/* cells NULL: the head. */
static void add_csv_row(struct str *out, const struct table *table, const struct cell *cells)
{
    const char *comma = "";

    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].hidden)
            continue;
        str_add(out, comma);
        if (cells == NULL)
            text_csv(out, table->columns[i].name);
        else
            add_csv_cell(out, &cells[i]);
        comma = ",";
    }
    str_add(out, "\r\n");
}

static bool is_main(const struct document *document, const struct table *table)
{
    return document->main == NULL ? table == document->tables : strcmp(table->name, document->main) == 0;
}

static void write_csv_table(struct document_writer *writer, const struct table *table)
{
    size_t rows = table_rows(table);

    add_csv_row(&writer->text, table, NULL);
    for (size_t row = 0; row < rows; row++) {
        add_csv_row(&writer->text, table, &table->cells.items[row * table->column_count]);
        if (writer->text.length >= FLUSH_BYTES)
            document_flush(writer);
    }
}

void document_write_csv(struct document_writer *writer)
{
    for (size_t i = 0; i < writer->document->count; i++) {
        if (is_main(writer->document, &writer->document->tables[i]))
            write_csv_table(writer, &writer->document->tables[i]);
    }
}
