#include "rvtools.h"

#include "map.h"
#include "mem.h"
#include "rvtools_read.h"
#include "seen.h"

#include <stdlib.h>

struct rvtools {
    struct relay *relay;
    struct arena arena; /* of one row */
    struct arena keys;  /* of the vCenter Servers */
    struct map vcenters;
    struct seen seen; /* what was sent */
    size_t rows;      /* of this tab */
};

struct rvtools *rvtools_create(struct relay *relay)
{
    struct rvtools *rvtools = mem_new(1, sizeof *rvtools);

    rvtools->relay = relay;
    arena_init(&rvtools->arena, ARENA_PLAIN);
    arena_init(&rvtools->keys, ARENA_PLAIN);
    return rvtools;
}

void rvtools_destroy(struct rvtools *rvtools)
{
    if (rvtools == NULL)
        return;
    seen_finish(&rvtools->seen);
    map_finish(&rvtools->vcenters);
    arena_finish(&rvtools->keys);
    arena_finish(&rvtools->arena);
    free(rvtools);
}

static bool is_new(struct rvtools *rvtools, const struct item *item)
{
    return seen_add(&rvtools->seen, item_identity(item->kind, item->key), (struct hash128){ 0 }) == SEEN_NEW;
}

/* What many rows name is sent with the first of them. */
static void send_derived(struct rvtools *rvtools, struct rvtools_table *table)
{
    struct item item;

    if (rvtools_cluster(table, &rvtools->arena, &item) && is_new(rvtools, &item))
        relay_item(rvtools->relay, &item);
    if (rvtools_vcenter(table, &rvtools->arena, &item) && is_new(rvtools, &item)) {
        relay_item(rvtools->relay, &item);
        map_put(&rvtools->vcenters, arena_text(&rvtools->keys, item.key), rvtools);
    }
}

static void link_to_vcenter(struct rvtools *rvtools, struct rvtools_table *table, struct item *item)
{
    const char *key = rvtools_server_key(table, &rvtools->arena);
    struct link link = { .relation = "managed_by", .kind = "vcenter", .key = key };

    if (map_get(&rvtools->vcenters, key) != NULL)
        item_link(item, &link, NULL);
}

static void read_row(struct rvtools *rvtools, struct rvtools_table *table)
{
    size_t line = csv_line(table->csv);
    struct relay *relay = rvtools->relay;
    struct item item;
    struct err err;

    if (!rvtools_row(table, &rvtools->arena, &item, &err)) {
        relay_miss(relay, NULL, NULL, "line %zu: %s; the row is skipped", line, err.text);
    } else if (!is_new(rvtools, &item)) {
        relay_miss(relay, item.kind, item.key, "line %zu: an earlier row has the same key; this one is skipped", line);
    } else {
        send_derived(rvtools, table);
        link_to_vcenter(rvtools, table, &item);
        relay_item(relay, &item);
    }
    arena_reset(&rvtools->arena);
}

static void warn(struct rvtools *rvtools, const struct rvtools_table *table)
{
    struct relay *relay = rvtools->relay;

    if (table->tab == RVTOOLS_TAB_INFO && !rvtools_has(table, RVTOOLS_SMBIOS_UUID))
        muster_warn(relay->m, NULL, NULL,
                    "%s: no column 'SMBIOS UUID', which newer versions of RVTools write: virtual machines are joined "
                    "with what is seen inside them by name only",
                    relay->file);
    if (table->unclean)
        muster_warn(relay->m, NULL, NULL, "%s: some text is not UTF-8; U+FFFD stands for its bad bytes", relay->file);
    if (rvtools->rows == 0)
        relay_miss(relay, NULL, NULL, "not one row; an account without rights exports such a tab");
}

static void read_rows(struct rvtools *rvtools, struct rvtools_table *table, struct csv *csv)
{
    enum csv_result result;
    struct err err;

    while ((result = csv_read(csv, &err)) != CSV_END) {
        rvtools->rows++;
        if (result == CSV_RECORD)
            read_row(rvtools, table);
        else
            relay_miss(rvtools->relay, NULL, NULL, "%s; %s", err.text,
                       result == CSV_BAD ? "the row is skipped" : "nothing behind it is read");
    }
    warn(rvtools, table);
}

int rvtools_read(struct rvtools *rvtools, FILE *stream)
{
    struct relay *relay = rvtools->relay;
    struct csv *csv = csv_create(stream);
    struct rvtools_table table;
    struct err err;
    int result = 0;

    rvtools->rows = 0;
    if (csv_read_header(csv, &err) && rvtools_recognise(&table, csv, &err))
        read_rows(rvtools, &table, csv);
    else
        result = muster_fail(relay->m, MUSTER_PROTOCOL, "%s: %s", relay->file, err.text);
    csv_destroy(csv);
    return result;
}
