/* What is made of recorded replies, beside what was made of them before: data/recorded.txt. MUSTER_GOLDEN=1 writes it
 * anew, to be looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recording.h"
#include "replay.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char golden_path[] = "data/recorded.txt";

/* The objects of a recorded reply, its types written another way where to is not NULL: from and to are of one size. */
static void add_recording(struct replay *replay, const char *name, const char *from, const char *to)
{
    static const char last[] = "</objects>";
    struct str reply = recording_load(name);
    char *first, *end, *at;

    first = strstr(reply.bytes, "<objects>");
    assert_non_null(first);
    for (end = first; (at = strstr(end, last)) != NULL;)
        end = at + sizeof last - 1;
    *end = '\0';
    for (at = first; to != NULL && (at = strstr(at, from)) != NULL;)
        memcpy(at, to, strlen(to));
    str_add(&replay->objects, first); /* up to the end of the last one */
    str_finish(&reply);
}

/* -------------------------------------------------------------------------------------------------------- lines ----
 */

static int compare_items(const void *one, const void *other)
{
    const struct item *a = *(const struct item *const *)one, *b = *(const struct item *const *)other;
    int order = strcmp(a->kind, b->kind);

    return order != 0 ? order : strcmp(a->key, b->key);
}

static void add_item(struct str *out, struct replay *replay, const struct item *item)
{
    str_format(out, "%s %s\n", item->kind, item->key);
    for (size_t i = 0; i < item->attribute_count; i++) {
        const char *name = item->attributes[i].name;
        str_format(out, "    %s: %s\n", name, replay_says(replay, item->kind, item->key, name));
    }
    for (size_t i = 0; i < item->link_count; i++)
        str_format(out, "    %s > %s %s\n", item->links[i].relation, item->links[i].kind, item->links[i].key);
    for (size_t i = 0; i < item->unread_count; i++)
        str_format(out, "    %s ? %s\n", item->unread[i].prefix, item->unread[i].why);
}

/* All items in the order of kind and key, as lines. */
static void tell(struct str *out, const char *from, const char *to)
{
    static const struct licences licences = { .why = "not recorded" };
    const struct item **items;
    struct replay replay;
    size_t count;

    replay_init(&replay);
    replay.licences = &licences;
    replay.fields = "<CustomFieldDef><key>0</key><name>Backup</name></CustomFieldDef>"
                    "<CustomFieldDef><key>1</key><name>Owner</name></CustomFieldDef>";
    replay.vcenter = "vcenter";
    add_recording(&replay, "vcfleet-20-estate", from, to);
    add_recording(&replay, "vcfleet-21-machines", from, to);
    replay_scan(&replay);
    assert_int_equal(mock_warning_count(replay.mock), 0);
    assert_int_equal(replay.unplaced, 0);
    count = mock_item_count(replay.mock, NULL);
    items = calloc(count, sizeof *items);
    assert_non_null(items);
    for (size_t i = 0; i < count; i++)
        items[i] = mock_item_at(replay.mock, i);
    qsort(items, count, sizeof *items, compare_items);
    for (size_t i = 0; i < count; i++)
        add_item(out, &replay, items[i]);
    free(items);
    replay_finish(&replay);
}

static void read_golden(struct str *out)
{
    FILE *stream = fopen(golden_path, "r");
    char part[4096];
    size_t size;

    assert_non_null(stream);
    while ((size = fread(part, 1, sizeof part, stream)) > 0)
        str_add_bytes(out, part, size);
    fclose(stream);
}

static void write_golden(const struct str *told)
{
    FILE *stream = fopen(golden_path, "w");

    assert_non_null(stream);
    assert_int_equal(fwrite(told->bytes, 1, told->length, stream), told->length);
    assert_int_equal(fclose(stream), 0);
}

static void recorded_replies_become_the_same_items_as_before(void **state)
{
    struct str told = STR_EMPTY, golden = STR_EMPTY;

    (void)state;
    tell(&told, NULL, NULL);
    if (getenv("MUSTER_GOLDEN") != NULL)
        write_golden(&told);
    read_golden(&golden);
    assert_string_equal(str_text(&told), str_text(&golden));
    str_finish(&told);
    str_finish(&golden);
}

/* The simulator's own prefix, declared on each value, gives way to another one of the same length. */
static void another_prefix_is_no_other_reply(void **state)
{
    struct str told = STR_EMPTY, other = STR_EMPTY;

    (void)state;
    tell(&told, NULL, NULL);
    tell(&other, "XMLSchema-instance:type=\"", "               xsi:type=\"");
    assert_string_equal(str_text(&told), str_text(&other));
    str_finish(&told);
    str_finish(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_replies_become_the_same_items_as_before),
        cmocka_unit_test(another_prefix_is_no_other_reply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
