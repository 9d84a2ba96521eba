/* Any text as rows for the sections of the SQL Server plugin: a row to a line, a letter that chooses the statement,
 * then its values, apart by TAB; ~ is NULL. A line with ! ends a section well, one with # as failed. What comes of it
 * is items within their limits, none of which says and leaves open the same. */
#include "backups.h"
#include "databases.h"
#include "exterior.h"
#include "files.h"
#include "groups.h"
#include "mem.h"
#include "privileges.h"
#include "product.h"
#include "shared_volumes.h"
#include "sql_nodes.h"
#include "sql_section.h"
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

/* In the order in which a scan has them. */
static const struct section *const sections[] = {
    &product_section,   &privileges_section, &product_domain,         &product_cluster,
    &sql_nodes_section, &databases_section,  &shared_volumes_section, &files_section,
    &backups_section,   &groups_section,     &groups_membership,
};

/* Those of which the row was taken. */
static const struct statement *answered[16];
static size_t answered_count;

#define SECTIONS (sizeof sections / sizeof *sections)

/* The letter's, counted through all sections; NULL: there is none. */
static const struct statement *statement_of(char letter, const struct section **section)
{
    size_t number = (size_t)(unsigned char)letter % 16;

    for (size_t i = 0; i < SECTIONS; i++) {
        *section = sections[i];
        if (number < sections[i]->count)
            return &sections[i]->statements[number];
        number -= sections[i]->count;
    }
    return NULL;
}

static void end(struct instance *instance, const struct section *section, bool good)
{
    if (!good)
        section_fail(instance, section, "it broke off");
    else if (section->finish != NULL)
        section->finish(instance);
    instance->left_out = 0;
}

/* A scan takes one row of each statement that brings one. */
static bool is_further(const struct statement *statement)
{
    for (size_t i = 0; i < answered_count; i++) {
        if (answered[i] == statement)
            return true;
    }
    if (statement->one)
        answered[answered_count++] = statement;
    return false;
}

static void take_line(struct instance *instance, char *line)
{
    struct mssql_row row = { 0 };
    const struct section *section;
    const struct statement *statement = statement_of(line[0], &section);
    char *value, *rest = line + (line[0] != '\0');

    if (statement == NULL || line[0] == '\0')
        return;
    if (rest[0] == '!' || rest[0] == '#') {
        end(instance, section, rest[0] == '!');
        return;
    }
    for (; row.count < statement->columns; row.count++) {
        value = rest == NULL ? NULL : strsep(&rest, "\t");
        row.values[row.count] = value != NULL && strcmp(value, "~") == 0 ? NULL : value;
    }
    if (!is_further(statement))
        statement->take(instance, &row);
}

/* What may be sent; only a key is cut nowhere, for a scan leaves such an item out. */
static void check(const struct item *item)
{
    struct err err;

    expect(item_check(item, &err) || strlen(item->key) > ITEM_MAX_KEY);
    expect(item->bytes <= ITEM_MAX_BYTES);
}

/* One that is made at once says of no fact that it is so and that it was not read. */
static void check_record(const struct item *item)
{
    check(item);
    for (size_t i = 0; i < item->unread_count; i++)
        expect(item_get(item, item->unread[i].prefix) == NULL);
}

static void check_all(struct instance *instance)
{
    struct item item;

    sql_nodes_link_computer(instance);
    check(&instance->item);
    vec_each (database, &instance->databases) {
        databases_record(instance, *database, &item);
        check_record(&item);
        arena_reset(&instance->scratch);
    }
    vec_each (group, &instance->groups) {
        groups_record(instance, *group, &item);
        check_record(&item);
        arena_reset(&instance->scratch);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = STR_EMPTY;
    struct instance instance;
    char *line, *rest;

    utf8_clean(&text, (const char *)data, size);
    rest = text.bytes;
    instance_init(&instance, NULL, "sql1.corp.example", "ERP");
    instance.major = 13;
    answered_count = 0;
    while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
        take_line(&instance, line);
    check_all(&instance);
    instance_finish(&instance);
    str_finish(&text);
    return 0;
}
