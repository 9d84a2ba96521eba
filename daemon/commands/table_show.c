/* Tables for people: aligned; on a terminal also coloured, and fitted to its width: sentences move beneath their rows,
 * then the widest columns of text are shortened. */
#include "clock.h"
#include "mem.h"
#include "table_write.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define GAP "  "
#define GAP_COLUMNS 2
#define MIN_COLUMNS 6 /* no column of text is made narrower */
#define READABLE 20   /* a text that is cut to this still tells something */
#define INDENT 4      /* of what stands beneath a row */
#define FLUSH_BYTES 65536

static void add_span(struct str *out, int64_t ms)
{
    static const struct {
        int64_t unit, part;
        char letter, part_letter;
    } spans[] = {
        { 86400, 3600, 'd', 'h' },
        { 3600, 60, 'h', 'm' },
        { 60, 1, 'm', 's' },
        { 1, 1, 's', 's' },
    };
    int64_t seconds = ms / 1000;

    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        int64_t rest = seconds % spans[i].unit / spans[i].part;

        if (seconds < spans[i].unit && spans[i].unit > 1)
            continue;
        str_format(out, "%" PRId64 "%c", seconds / spans[i].unit, spans[i].letter);
        /* A second unit only where it matters. */
        if (spans[i].unit > 1 && seconds / spans[i].unit < 10 && rest > 0)
            str_format(out, " %" PRId64 "%c", rest, spans[i].part_letter);
        return;
    }
}

static void add_age(struct str *out, int64_t wall_ms, int64_t now)
{
    int64_t age = now - wall_ms;

    if (age > -1000 && age < 1000) {
        str_add(out, "now");
        return;
    }
    if (age < 0)
        str_add(out, "in ");
    add_span(out, age < 0 ? -age : age);
    if (age > 0)
        str_add(out, " ago");
}

static void add_list(struct str *out, const struct cell_list *list)
{
    if (list->count == 0)
        str_add_char(out, '-');
    for (size_t i = 0; i < list->count; i++) {
        str_add(out, i == 0 ? "" : ", ");
        text_line(out, list->texts[i]);
    }
}

void cell_show(struct str *out, const struct cell *cell, int64_t now)
{
    char time[CLOCK_TEXT_SIZE];

    switch ((enum cell_type)cell->type) {
    case CELL_NONE: str_add_char(out, '-'); break;
    case CELL_TEXT:
    case CELL_PROSE:
    case CELL_JSON: text_line(out, cell->text[0] == '\0' ? "-" : cell->text); break;
    case CELL_NUMBER: str_format(out, "%" PRId64, cell->number); break;
    case CELL_TRUTH: str_add(out, cell->number != 0 ? "yes" : "no"); break;
    case CELL_TIME: str_add(out, clock_text(cell->number, time)); break;
    case CELL_AGE: add_age(out, cell->number, now); break;
    case CELL_DUE: add_age(out, cell->number > now ? cell->number : now, now); break;
    case CELL_SPAN: add_span(out, cell->number); break;
    case CELL_LIST: add_list(out, cell->list); break;
    }
}

/* How a table is laid out: the widths of its columns. */
struct layout {
    const struct table *table;
    size_t rows;           /* that are shown */
    bool *shown, *beneath; /* by column, as the rest */
    size_t *widths, *least;
    struct str cell; /* the one at hand */
};

static const struct cell *cell_at(const struct layout *layout, size_t row, size_t column)
{
    return &layout->table->cells.items[row * layout->table->column_count + column];
}

static bool is_empty(const struct cell *cell)
{
    return cell->type == CELL_NONE || (cell->type == CELL_TEXT && cell->text[0] == '\0') ||
           (cell->type == CELL_LIST && cell->list->count == 0);
}

/* A column of which nothing is known only takes room; the first one says what the rows are. */
static bool has_content(const struct layout *layout, size_t column)
{
    for (size_t row = 0; row < layout->rows; row++) {
        if (!is_empty(cell_at(layout, row, column)))
            return true;
    }
    return column == 0;
}

static bool is_shown(const struct layout *layout, size_t column)
{
    return layout->shown[column];
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* A column can be shortened down to its title, and only where it holds text. */
static void measure_column(struct layout *layout, const struct style *style, size_t column)
{
    size_t title = text_width(layout->table->columns[column].title);
    size_t width = title, least = 0;

    for (size_t row = 0; row < layout->rows; row++) {
        const struct cell *cell = cell_at(layout, row, column);
        size_t wide;

        str_clear(&layout->cell);
        cell_show(&layout->cell, cell, style->now);
        wide = text_width(str_text(&layout->cell));
        width = larger(width, wide);
        if (cell->type != CELL_TEXT && cell->type != CELL_LIST)
            least = larger(least, wide);
    }
    layout->widths[column] = width;
    layout->least[column] = larger(larger(least, title), width < MIN_COLUMNS ? width : MIN_COLUMNS);
}

static size_t total_width(const struct layout *layout)
{
    size_t total = 0;

    for (size_t i = 0; i < layout->table->column_count; i++)
        total += is_shown(layout, i) ? layout->widths[i] + GAP_COLUMNS : 0;
    return total - (total > 0 ? GAP_COLUMNS : 0);
}

/* A sentence that is cut tells nothing. */
static void move_sentences(struct layout *layout)
{
    for (size_t i = 1; i < layout->table->column_count; i++) {
        layout->beneath[i] = layout->shown[i] && layout->table->columns[i].type == CELL_PROSE;
        layout->shown[i] = layout->shown[i] && !layout->beneath[i];
    }
}

/* What the line takes where each text is still readable. */
static size_t readable_width(const struct layout *layout)
{
    size_t total = 0;

    for (size_t i = 0; i < layout->table->column_count; i++) {
        size_t wanted = layout->widths[i] < READABLE ? layout->widths[i] : larger(layout->least[i], READABLE);

        total += is_shown(layout, i) ? wanted + (total > 0 ? GAP_COLUMNS : 0) : 0;
    }
    return total;
}

static void leave_out(struct layout *layout, const char *title)
{
    for (size_t i = 1; i < layout->table->column_count; i++) {
        if (is_shown(layout, i) && strcmp(layout->table->columns[i].title, title) == 0)
            layout->shown[i] = false;
    }
}

static void leave_out_spare(struct layout *layout, size_t columns)
{
    const char *const *spare = layout->table->spare;

    for (; spare != NULL && *spare != NULL && readable_width(layout) > columns; spare++)
        leave_out(layout, *spare);
}

/* The widest column that can still be shortened; the count where none can. */
static size_t widest_column(const struct layout *layout)
{
    size_t widest = layout->table->column_count;

    for (size_t i = 0; i < layout->table->column_count; i++) {
        if (!is_shown(layout, i) || layout->widths[i] <= layout->least[i])
            continue;
        if (widest == layout->table->column_count || layout->widths[i] > layout->widths[widest])
            widest = i;
    }
    return widest;
}

/* Shortens the widest column to the second widest, and so on, until the line fits or nothing more can be done. */
static void fit(struct layout *layout, size_t columns)
{
    size_t total = total_width(layout);

    while (total > columns) {
        size_t at = widest_column(layout), next = 0, wanted;

        if (at == layout->table->column_count)
            return;
        for (size_t i = 0; i < layout->table->column_count; i++) {
            if (i != at && is_shown(layout, i) && layout->widths[i] > layout->least[i] &&
                layout->widths[i] <= layout->widths[at])
                next = larger(next, layout->widths[i]);
        }
        next = larger(next, layout->least[at]);
        if (next == layout->widths[at])
            next--;
        wanted = total - columns < layout->widths[at] - next ? total - columns : layout->widths[at] - next;
        layout->widths[at] -= wanted;
        total -= wanted;
    }
}

static void add_blanks(struct str *out, size_t count)
{
    while (count-- > 0)
        str_add_char(out, ' ');
}

/* One cell in its width; what is last in its line gets no blanks behind. */
static void add_cell(struct str *out, const char *text, size_t width, bool right, bool last)
{
    size_t wide = text_width(text);

    if (wide > width) {
        text_fit(out, text, width);
        return;
    }
    if (right)
        add_blanks(out, width - wide);
    str_add(out, text);
    if (!right && !last)
        add_blanks(out, width - wide);
}

static bool is_right(const struct layout *layout, size_t column)
{
    return layout->table->columns[column].type == CELL_NUMBER;
}

static size_t last_column(const struct layout *layout)
{
    size_t last = 0;

    for (size_t i = 0; i < layout->table->column_count; i++)
        last = is_shown(layout, i) ? i : last;
    return last;
}

static void write_head(struct document_writer *writer, const struct layout *layout)
{
    size_t last = last_column(layout);

    str_add(&writer->text, writer->style->color ? "\033[1m" : "");
    for (size_t i = 0; i <= last; i++) {
        if (!is_shown(layout, i))
            continue;
        add_cell(&writer->text, layout->table->columns[i].title, layout->widths[i], is_right(layout, i), i == last);
        str_add(&writer->text, i == last ? "" : GAP);
    }
    str_add(&writer->text, writer->style->color ? "\033[0m\n" : "\n");
}

static void write_row(struct document_writer *writer, struct layout *layout, size_t row)
{
    size_t last = last_column(layout);

    for (size_t i = 0; i <= last; i++) {
        const struct cell *cell = cell_at(layout, row, i);

        if (!is_shown(layout, i))
            continue;
        str_clear(&layout->cell);
        cell_show(&layout->cell, cell, writer->style->now);
        str_add(&writer->text, style_begin(writer->style, cell->tone));
        add_cell(&writer->text, str_text(&layout->cell), layout->widths[i], is_right(layout, i), i == last);
        str_add(&writer->text, style_end(writer->style, cell->tone));
        str_add(&writer->text, i == last ? "\n" : GAP);
    }
    if (writer->text.length >= FLUSH_BYTES)
        document_flush(writer);
}

/* A sentence on lines of its own, broken at blanks. */
static void write_sentence(struct document_writer *writer, const char *text, enum tone tone)
{
    size_t columns = writer->style->columns > (size_t)2 * INDENT ? writer->style->columns - INDENT : INDENT;

    while (*text != '\0') {
        size_t bytes = text_break(text, columns);

        add_blanks(&writer->text, INDENT);
        str_add(&writer->text, style_begin(writer->style, tone));
        str_add_bytes(&writer->text, text, bytes);
        str_format(&writer->text, "%s\n", style_end(writer->style, tone));
        text += bytes;
        text += strspn(text, " ");
    }
}

static void write_beneath(struct document_writer *writer, struct layout *layout, size_t row)
{
    for (size_t i = 0; i < layout->table->column_count; i++) {
        const struct cell *cell = cell_at(layout, row, i);

        if (!layout->beneath[i] || is_empty(cell))
            continue;
        str_clear(&layout->cell);
        str_format(&layout->cell, "%s: ", layout->table->columns[i].title);
        cell_show(&layout->cell, cell, writer->style->now);
        write_sentence(writer, str_text(&layout->cell), cell->tone);
    }
}

static void write_rows(struct document_writer *writer, const struct table *table)
{
    struct layout layout = { .table = table, .rows = table_rows(table) };

    if (table->at_most > 0 && layout.rows > table->at_most)
        layout.rows = table->at_most;
    layout.widths = mem_new(2 * table->column_count, sizeof *layout.widths);
    layout.least = layout.widths + table->column_count;
    layout.shown = mem_new(2 * table->column_count, sizeof *layout.shown);
    layout.beneath = layout.shown + table->column_count;
    for (size_t i = 0; i < table->column_count; i++) {
        layout.shown[i] = table->columns[i].title != NULL && has_content(&layout, i);
        if (is_shown(&layout, i))
            measure_column(&layout, writer->style, i);
    }
    if (writer->style->columns > 0 && total_width(&layout) > writer->style->columns) {
        move_sentences(&layout);
        leave_out_spare(&layout, writer->style->columns);
        fit(&layout, writer->style->columns);
    }
    write_head(writer, &layout);
    for (size_t row = 0; row < layout.rows; row++) {
        write_row(writer, &layout, row);
        write_beneath(writer, &layout, row);
    }
    if (layout.rows < table_rows(table))
        str_format(&writer->text, "... and %zu more (all are in --format json)\n", table_rows(table) - layout.rows);
    free(layout.widths);
    free(layout.shown);
    str_finish(&layout.cell);
}

static bool is_listed(const struct table *table, size_t column)
{
    return table->columns[column].title != NULL && !is_empty(&table->cells.items[column]);
}

/* A text of which so many columns are taken in its first line, and are left blank in all others. */
static void write_hanging(struct document_writer *writer, const char *text, size_t taken, enum tone tone)
{
    size_t columns = writer->style->columns;
    size_t left = columns == 0 ? SIZE_MAX : columns > taken + MIN_COLUMNS ? columns - taken : MIN_COLUMNS;

    do {
        size_t bytes = columns == 0 ? strlen(text) : text_break(text, left);

        str_add(&writer->text, style_begin(writer->style, tone));
        str_add_bytes(&writer->text, text, bytes);
        str_format(&writer->text, "%s\n", style_end(writer->style, tone));
        text += bytes;
        text += strspn(text, " ");
        add_blanks(&writer->text, *text == '\0' ? 0 : taken);
    } while (*text != '\0');
}

/* One line a cell, its title in front; more lines where it is longer. */
static void write_single(struct document_writer *writer, const struct table *table)
{
    struct str text = STR_EMPTY;
    size_t width = 0;

    for (size_t i = 0; i < table->column_count; i++)
        width = larger(width, is_listed(table, i) ? text_width(table->columns[i].title) : 0);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct cell *cell = &table->cells.items[i];

        if (!is_listed(table, i))
            continue;
        str_clear(&text);
        cell_show(&text, cell, writer->style->now);
        add_cell(&writer->text, table->columns[i].title, width, false, false);
        str_add(&writer->text, GAP);
        write_hanging(writer, str_text(&text), width + GAP_COLUMNS, cell->tone);
    }
    str_finish(&text);
}

static bool has_something(const struct table *table)
{
    return table_rows(table) > 0 || table->empty != NULL;
}

void document_write_table(struct document_writer *writer)
{
    bool first = true;

    for (size_t i = 0; i < writer->document->count; i++) {
        const struct table *table = &writer->document->tables[i];

        if (!has_something(table))
            continue;
        str_add(&writer->text, first ? "" : "\n");
        if (table->caption != NULL)
            str_format(&writer->text, "%s\n", table->caption);
        if (table_rows(table) == 0)
            str_format(&writer->text, "%s\n", table->empty);
        else if (table->single)
            write_single(writer, table);
        else
            write_rows(writer, table);
        first = false;
    }
}
