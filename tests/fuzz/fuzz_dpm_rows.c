/* Any bytes as rows of DPMDB: a line "?" and a letter that chooses the section, then a row to a line, values with tabs
 * in between; "\N" is NULL. Twice the same rows are the same items; each is within its limits, and names nothing that
 * it protects without saying what, or why not. */
#include "holdings.h"
#include "mem.h"
#include "protected_item.h"
#include "server_item.h"
#include "str.h"
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

static void take_row(struct holdings *holdings, enum section_id id, char *line)
{
    const char *values[SECTION_MAX_COLUMNS];
    size_t count = 0;
    char *value;

    while (count < SECTION_MAX_COLUMNS && (value = strsep(&line, "\t")) != NULL)
        values[count++] = strcmp(value, "\\N") == 0 ? NULL : value;
    holdings_take(holdings, id, values, count);
}

/* A letter in capitals: the section failed. */
static enum section_id choose(struct holdings *holdings, char letter)
{
    enum section_id id = (enum section_id)(((unsigned char)letter | 0x20) % SECTION_COUNT);

    if (letter >= 'A' && letter <= 'Z')
        holdings_failed(holdings, id, "no right");
    else
        holdings_done(holdings, id);
    return id;
}

static void take_all(struct holdings *holdings, char *text)
{
    enum section_id id = SECTION_SOURCES;
    char *line, *rest = text;

    while ((line = strsep(&rest, "\n")) != NULL) {
        if (line[0] == '?')
            id = choose(holdings, line[1]);
        else
            take_row(holdings, id, line);
    }
    holdings_join(holdings);
}

static bool is_unread(const struct item *item, const char *attribute)
{
    for (size_t i = 0; i < item->unread_count; i++) {
        if (strcmp(item->unread[i].prefix, attribute) == 0)
            return true;
    }
    return false;
}

static void check(struct item *item)
{
    struct err err;

    expect(item_check(item, &err));
    expect(item->bytes <= ITEM_MAX_BYTES);
    if (strcmp(item->kind, "protected") == 0)
        expect((item_get(item, "protected.target") != NULL) != is_unread(item, "protected.target"));
}

/* A hash of all items. */
static uint64_t make(const char *text)
{
    const char *other, *name;
    char *copy = mem_text(text);
    struct holdings holdings;
    uint64_t sum = 0;
    struct item item;
    struct err err;

    holdings_init(&holdings);
    take_all(&holdings, copy);
    name = server_name(&holdings, NULL, "mabs.example", &other, &err);
    server_item(&item, &holdings, name == NULL ? "mabs.example" : name, NULL, "DPMDB");
    check(&item);
    vec_each (source, &holdings.sources) {
        protected_item(&item, &holdings, *source, "mabs.example", &holdings.arena);
        check(&item);
        sum = sum * 31 + item_hash(&item).low;
    }
    holdings_finish(&holdings);
    free(copy);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = STR_EMPTY;

    utf8_clean(&text, (const char *)data, size); /* as mssql.h gives it */
    expect(make(str_text(&text)) == make(str_text(&text)));
    str_finish(&text);
    return 0;
}
