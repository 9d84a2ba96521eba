/* Any bytes as a CSV file: whatever comes out keeps the promises of csv.h. */
#include "csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_record(const struct csv *csv)
{
    size_t total = 0;

    for (size_t i = 0; i < csv_column_count(csv); i++) {
        size_t size = strlen(csv_cell(csv, i));

        expect(size <= CSV_MAX_CELL);
        total += size;
    }
    expect(total <= CSV_MAX_RECORD);
}

static void read_all(struct csv *csv)
{
    struct err err = ERR_EMPTY;
    enum csv_result result;
    size_t line = 0;

    if (!csv_read_header(csv, &err)) {
        expect(err.text[0] != '\0');
        return;
    }
    expect(csv_column_count(csv) >= 1 && csv_column_count(csv) <= CSV_MAX_COLUMNS);
    while ((result = csv_read(csv, &err)) != CSV_END) {
        expect(csv_line(csv) > line);
        line = csv_line(csv);
        if (result == CSV_RECORD)
            check_record(csv);
        else
            expect(err.text[0] != '\0');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FILE *stream = fmemopen((void *)data, size, "r");
    struct csv *csv;

    if (stream == NULL)
        return 0;
    csv = csv_create(stream);
    read_all(csv);
    csv_destroy(csv);
    fclose(stream);
    return 0;
}
