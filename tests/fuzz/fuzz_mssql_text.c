/* Any bytes as UTF-16 that a driver hands over: what is read is valid UTF-8 without a NUL, within its limit, and all of
 * it where nothing was cut; read without a limit and written again, it reads the same. The same bytes as what a driver
 * says of a failure: a sentence comes of it, whatever they are. */
#include "mem.h"
#include "mssql_error.h"
#include "mssql_text.h"
#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void read_limited(const uint16_t *units, size_t count, size_t max, const struct str *whole)
{
    struct str out = STR_EMPTY;
    bool good = mssql_text_read(&out, units, count, max);

    expect(out.length <= max && good == (whole->length <= max));
    expect(out.length <= whole->length && memcmp(str_text(&out), str_text(whole), out.length) == 0);
    expect(good || whole->length - out.length > 0);
    expect(good || max - out.length < 4);
    expect(utf8_valid(str_text(&out), out.length));
    str_finish(&out);
}

static void write_again(const struct str *whole)
{
    struct str out = STR_EMPTY;
    size_t count;
    uint16_t *units = mssql_text_write(str_text(whole), &count);

    expect(mssql_text_read(&out, units, count, SIZE_MAX));
    expect(strcmp(str_text(&out), str_text(whole)) == 0);
    free(units);
    str_finish(&out);
}

static void tell(const struct str *whole, const uint8_t *data, size_t size)
{
    struct mssql_meaning meaning;
    struct odbc_words words = { .count = size < 8 ? 0 : data[0] % (ODBC_MAX_RECORDS + 1) };
    struct err err;

    for (size_t i = 0; i < words.count; i++) {
        memcpy(&words.records[i].number, data + i % 4, sizeof words.records[i].number);
        memcpy(words.records[i].state, data, 5);
        strncat(words.records[i].text, str_text(whole), ODBC_MAX_TEXT - 1);
        utf8_trim(words.records[i].text);
    }
    expect(!mssql_error(&words, data[size - 1] % 2 == 0, &meaning, &err));
    expect(err.class != ERR_NONE && err.text[0] != '\0' && utf8_valid(err.text, strlen(err.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint16_t *units = mem_new(size / 2 + 1, sizeof *units);
    struct str whole = STR_EMPTY;

    memcpy(units, data, size / 2 * 2);
    expect(mssql_text_read(&whole, units, size / 2, SIZE_MAX));
    expect(utf8_valid(str_text(&whole), whole.length));
    read_limited(units, size / 2, size > 0 ? data[0] : 0, &whole);
    read_limited(units, size / 2, size / 3, &whole);
    write_again(&whole);
    if (size > 0)
        tell(&whole, data, size);
    str_finish(&whole);
    free(units);
    return 0;
}
