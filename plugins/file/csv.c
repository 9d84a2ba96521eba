#include "csv.h"

#include "mem.h"
#include "str.h"
#include "unit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum encoding { UTF8, UTF16_LITTLE, UTF16_BIG };

struct record {
    struct str bytes; /* the cells, each with its NUL */
    size_t starts[CSV_MAX_COLUMNS];
    size_t count;
    size_t line;
};

struct csv {
    FILE *stream;
    unsigned char mark[3]; /* the first bytes, which may be a byte order mark */
    size_t mark_at, mark_count;
    enum encoding encoding;
    char pending[4]; /* a character of UTF-16 as UTF-8 */
    size_t pending_at, pending_count;
    struct str again; /* the header's line, read once to find the separator */
    size_t again_at;
    char separator;
    size_t line;  /* the line that the next byte is on */
    size_t taken; /* bytes of the record so far */
    int last;     /* the byte that was taken last, or EOF */
    size_t records;
    bool ended;
    struct record header, record;
};

/* What stood behind a cell. */
enum after { ANOTHER_CELL, END_OF_RECORD, NOTHING_GOOD };

struct csv *csv_create(FILE *stream)
{
    struct csv *csv = mem_new(1, sizeof *csv);

    csv->stream = stream;
    csv->separator = ',';
    csv->line = 1;
    return csv;
}

void csv_destroy(struct csv *csv)
{
    if (csv == NULL)
        return;
    str_finish(&csv->again);
    str_finish(&csv->header.bytes);
    str_finish(&csv->record.bytes);
    free(csv);
}

static int byte(struct csv *csv)
{
    if (csv->mark_at < csv->mark_count)
        return csv->mark[csv->mark_at++];
    return getc_unlocked(csv->stream);
}

static int unit16(struct csv *csv)
{
    int first = byte(csv);
    int second = first == EOF ? EOF : byte(csv);

    if (second == EOF)
        return EOF;
    return csv->encoding == UTF16_BIG ? first << 8 | second : second << 8 | first;
}

static size_t utf8_encode(uint32_t point, char *bytes)
{
    size_t count = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    bytes[0] = (char)(leads[count] | point);
    return count;
}

static bool is_high(int unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(int unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/* The next byte of text, EOF at the end. */
static int decode(struct csv *csv)
{
    int unit, low;

    if (csv->encoding == UTF8)
        return byte(csv);
    if (csv->pending_at == csv->pending_count) {
        unit = unit16(csv);
        if (unit == EOF)
            return EOF;
        low = is_high(unit) ? unit16(csv) : EOF;
        if (is_high(unit) && is_low(low))
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        else if (is_high(unit) || is_low(unit))
            unit = 0xfffd;
        csv->pending_count = utf8_encode((uint32_t)unit, csv->pending);
        csv->pending_at = 0;
    }
    return (unsigned char)csv->pending[csv->pending_at++];
}

static int take(struct csv *csv)
{
    int c;

    if (csv->again_at < csv->again.length)
        c = (unsigned char)csv->again.bytes[csv->again_at++];
    else
        c = decode(csv);
    csv->line += c == '\n';
    csv->taken++;
    csv->last = c;
    return c;
}

static void find_encoding(struct csv *csv)
{
    csv->mark_count = fread(csv->mark, 1, sizeof csv->mark, csv->stream);
    if (csv->mark_count == 3 && memcmp(csv->mark, "\xef\xbb\xbf", 3) == 0)
        csv->mark_at = 3;
    else if (csv->mark_count >= 2 && memcmp(csv->mark, "\xff\xfe", 2) == 0)
        csv->encoding = UTF16_LITTLE, csv->mark_at = 2;
    else if (csv->mark_count >= 2 && memcmp(csv->mark, "\xfe\xff", 2) == 0)
        csv->encoding = UTF16_BIG, csv->mark_at = 2;
}

static bool find_separator(struct csv *csv)
{
    static const char separators[] = { ',', ';', '\t' };
    size_t counts[sizeof separators] = { 0 }, most = 0;
    bool quoted = false;
    int c;

    while ((c = decode(csv)) != EOF && csv->again.length < CSV_MAX_RECORD) {
        str_add_char(&csv->again, (char)c);
        quoted ^= c == '"';
        if (c == '\n' && !quoted)
            break;
        for (size_t i = 0; i < sizeof separators; i++)
            counts[i] += !quoted && c == separators[i];
    }
    for (size_t i = 1; i < sizeof separators; i++)
        most = counts[i] > counts[most] ? i : most;
    csv->separator = separators[most];
    return csv->again.length < CSV_MAX_RECORD;
}

static enum after bad(const struct record *record, struct err *err, const char *why)
{
    err_set(err, ERR_PROTOCOL, "line %zu: %s", record->line, why);
    return NOTHING_GOOD;
}

/* The separator, the end of a line or of the file, or none of them. */
static bool ends_cell(struct csv *csv, int c, enum after *after)
{
    if (c == '\r') {
        c = take(csv);
        if (c != '\n' && c != EOF)
            return false;
    }
    *after = c == csv->separator ? ANOTHER_CELL : END_OF_RECORD;
    return c == csv->separator || c == '\n' || c == EOF;
}

static bool add(struct csv *csv, struct record *record, int c, struct err *err)
{
    size_t size = record->bytes.length - record->starts[record->count];

    if (c == '\0')
        bad(record, err, "a NUL byte; is this a text file?");
    else if (size == CSV_MAX_CELL)
        bad(record, err, "a cell of more than 64 KiB; is a quote never closed?");
    else if (csv->taken > CSV_MAX_RECORD)
        bad(record, err, "a record of more than 1 MiB; is a quote never closed?");
    else
        str_add_char(&record->bytes, (char)c);
    return size < record->bytes.length - record->starts[record->count];
}

static enum after read_plain(struct csv *csv, struct record *record, int c, struct err *err)
{
    enum after after;

    for (; !ends_cell(csv, c, &after); c = take(csv)) {
        if (c == '"')
            return bad(record, err, "a quote within a cell that does not start with one");
        if (c == '\r')
            return bad(record, err, "a carriage return that no line feed follows");
        if (!add(csv, record, c, err))
            return NOTHING_GOOD;
    }
    return after;
}

static enum after read_quoted(struct csv *csv, struct record *record, struct err *err)
{
    enum after after;
    int c;

    for (;;) {
        c = take(csv);
        if (c == EOF)
            return bad(record, err, "the file ends within quotes; it may be cut off");
        if (c == '"') {
            c = take(csv);
            if (c != '"')
                break;
        }
        if (!add(csv, record, c, err))
            return NOTHING_GOOD;
    }
    if (ends_cell(csv, c, &after))
        return after;
    return bad(record, err, "text behind a closing quote");
}

static enum after read_cell(struct csv *csv, struct record *record, int c, struct err *err)
{
    enum after after;

    if (record->count == CSV_MAX_COLUMNS)
        return bad(record, err, "more than 512 cells");
    record->starts[record->count] = record->bytes.length;
    after = c == '"' ? read_quoted(csv, record, err) : read_plain(csv, record, c, err);
    str_add_bytes(&record->bytes, "", 1);
    record->count++;
    return after;
}

static void skip_line(struct csv *csv)
{
    while (csv->last != '\n' && csv->last != EOF)
        take(csv);
}

static bool is_empty(const struct record *record)
{
    return record->count == 1 && record->bytes.length == 1;
}

/* One record, with however many cells. */
static enum csv_result read_record(struct csv *csv, struct record *record, struct err *err)
{
    enum after after;
    int c;

    str_clear(&record->bytes);
    record->count = 0;
    record->line = csv->line;
    csv->taken = 0;
    c = take(csv);
    after = END_OF_RECORD;
    if (c != EOF)
        while ((after = read_cell(csv, record, c, err)) == ANOTHER_CELL)
            c = take(csv);
    if (ferror(csv->stream)) {
        err_system(err, "line %zu: cannot be read", record->line);
        return CSV_BROKEN;
    }
    if (after == NOTHING_GOOD) {
        skip_line(csv);
        return CSV_BAD;
    }
    return record->count == 0 ? CSV_END : CSV_RECORD;
}

bool csv_read_header(struct csv *csv, struct err *err)
{
    enum csv_result result;

    find_encoding(csv);
    if (!find_separator(csv)) {
        csv->ended = true;
        return err_set(err, ERR_PROTOCOL, "line 1: a header of more than 1 MiB; this is no CSV file");
    }
    result = read_record(csv, &csv->header, err);
    csv->ended = result != CSV_RECORD;
    if (result == CSV_END)
        err_set(err, ERR_PROTOCOL, "the file is empty");
    return result == CSV_RECORD;
}

size_t csv_column_count(const struct csv *csv)
{
    return csv->header.count;
}

const char *csv_column_name(const struct csv *csv, size_t column)
{
    return csv->header.bytes.bytes + csv->header.starts[column];
}

char csv_separator(const struct csv *csv)
{
    return csv->separator;
}

enum csv_result csv_read(struct csv *csv, struct err *err)
{
    char cells[COUNT_TEXT_SIZE];
    enum csv_result result;

    do
        result = csv->ended ? CSV_END : read_record(csv, &csv->record, err);
    while (result == CSV_RECORD && is_empty(&csv->record));
    if (result == CSV_END || result == CSV_BROKEN) {
        csv->ended = true;
        return result;
    }
    if (++csv->records > CSV_MAX_RECORDS) {
        csv->ended = true;
        err_set(err, ERR_PROTOCOL, "line %zu: more than %d records; split the file", csv->record.line, CSV_MAX_RECORDS);
        return CSV_BROKEN;
    }
    if (result == CSV_RECORD && csv->record.count != csv->header.count) {
        err_set(err, ERR_PROTOCOL, "line %zu: %s where the header has %zu", csv->record.line,
                count_text(csv->record.count, "cell", cells), csv->header.count);
        return CSV_BAD;
    }
    return result;
}

size_t csv_line(const struct csv *csv)
{
    return csv->record.line;
}

const char *csv_cell(const struct csv *csv, size_t column)
{
    return csv->record.bytes.bytes + csv->record.starts[column];
}
