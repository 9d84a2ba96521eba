/* Any bytes as a tab of RVTools: each row is refused with a reason, or is an item as the dictionary wants it. */
#include "attribute.h"
#include "rvtools_read.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_item(const struct item *item)
{
    struct err err;

    expect(item_check(item, &err));
    expect(kind_find(item->kind) != NULL);
    for (size_t i = 0; i < item->attribute_count; i++)
        expect(attribute_check(item->kind, item->attributes[i].name, &item->attributes[i].value, &err));
    for (size_t i = 0; i < item->link_count; i++)
        expect(relation_find(item->links[i].relation) != NULL);
}

static void read_row(struct rvtools_table *table, struct arena *arena)
{
    struct err err = ERR_EMPTY;
    struct item item;

    if (rvtools_row(table, arena, &item, &err))
        check_item(&item);
    else
        expect(err.text[0] != '\0');
    if (rvtools_cluster(table, arena, &item) && item_check(&item, &err))
        check_item(&item);
    if (rvtools_vcenter(table, arena, &item) && item_check(&item, &err))
        check_item(&item);
    arena_reset(arena);
}

static void read_all(struct csv *csv)
{
    struct rvtools_table table;
    enum csv_result result;
    struct arena arena;
    struct err err;

    if (!csv_read_header(csv, &err) || !rvtools_recognise(&table, csv, &err))
        return;
    arena_init(&arena, ARENA_PLAIN);
    while ((result = csv_read(csv, &err)) != CSV_END)
        if (result == CSV_RECORD)
            read_row(&table, &arena);
    arena_finish(&arena);
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
