/* What of an item's facts is kept for verdicts, and its form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gist.h"

#include "attribute.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct item *sample(void)
{
    static const char *const paths[] = { "C:\\", "", "M:\\data" };
    struct item *item = arena_alloc(&arena, sizeof *item);

    item_init(item, &arena, "machine", "m1");
    item_set_text(item, "os.build", "10.0.14393", NULL);
    item_set_text(item, "os.name", "Windows Server 2016 \xc3\xbc", NULL);
    item_set_int(item, "os.sku", 7, NULL);
    item_set_int(item, "os.revision", -3, NULL);
    item_set_int(item, "volume.capacity", INT64_MAX, NULL);
    item_set_bool(item, "hyperv.role", true, NULL);
    item_set_list(item, "volume.paths", paths, 3, NULL);
    item_set_list(item, "os.roles", NULL, 0, NULL);
    item_set_text(item, "place.rack", "7", NULL);
    item_set_int(item, "place.ticks", 99, NULL);
    item_set_text(item, "id.moref", "vm-17", NULL);
    item_set_int(item, "hardware.memory", 1 << 20, NULL);
    item_unread(item, "guest.", "it is off", NULL);
    item_unread(item, "id.addresses", "denied", NULL);
    item_sort(item);
    return item;
}

/* Each fact as NAME=VALUE, then each section as NAME?WHY. */
static const char *say(const struct gist *gist)
{
    const char *text = "";

    for (size_t i = 0; i < gist->fact_count; i++) {
        const struct value *value = &gist->facts[i].value;

        text = arena_format(&arena, "%s%s=", text, gist->facts[i].name);
        switch (value->type) {
        case VALUE_TEXT: text = arena_format(&arena, "%s%s ", text, value->text); break;
        case VALUE_INT: text = arena_format(&arena, "%s%lld ", text, (long long)value->number); break;
        case VALUE_BOOL: text = arena_format(&arena, "%s%s ", text, value->truth ? "true" : "false"); break;
        case VALUE_LIST:
            for (size_t j = 0; j < value->list.count; j++)
                text = arena_format(&arena, "%s[%s]", text, value->list.texts[j]);
            text = arena_format(&arena, "%s ", text);
            break;
        }
    }
    for (size_t i = 0; i < gist->unread_count; i++)
        text = arena_format(&arena, "%s%s?%s ", text, gist->unread[i].prefix, gist->unread[i].why);
    return text;
}

#define SAID                                                                                                           \
    "hyperv.role=true os.build=10.0.14393 os.name=Windows Server 2016 \xc3\xbc os.revision=-3 os.roles= os.sku=7 "     \
    "place.rack=7 volume.capacity=9223372036854775807 volume.paths=[C:\\][][M:\\data] guest.?it is off "

static void what_is_written_is_read(void **state)
{
    struct str bytes = STR_EMPTY;
    struct gist gist;

    (void)state;
    gist_write(&bytes, sample());
    assert_true(gist_read(bytes.bytes, bytes.length, &arena, &gist));
    assert_string_equal(say(&gist), SAID);
    gist_take(sample(), &arena, &gist);
    assert_string_equal(say(&gist), SAID);
    str_finish(&bytes);
}

static void what_counts_or_ticks_does_not_change_it(void **state)
{
    struct str before = STR_EMPTY, after = STR_EMPTY;
    struct item *item = sample();

    (void)state;
    gist_write(&before, item);
    item_set_int(item, "place.ticks", 100, NULL);
    item_set_int(item, "hardware.memory", 2 << 20, NULL);
    item_set_text(item, "id.moref", "vm-18", NULL);
    item_unread(item, "id.addresses", "timeout", NULL);
    item_sort(item);
    gist_write(&after, item);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.bytes, after.bytes, after.length);
    str_finish(&before);
    str_finish(&after);
}

/* Cut off at each byte, and each byte changed: refused, or read as something within its bounds. */
static void damage_is_never_read_beyond_its_end(void **state)
{
    struct str bytes = STR_EMPTY;
    struct gist gist;

    (void)state;
    gist_write(&bytes, sample());
    for (size_t size = 0; size < bytes.length; size++) {
        char *copy = malloc(size == 0 ? 1 : size);

        memcpy(copy, bytes.bytes, size);
        if (gist_read(copy, size, &arena, &gist))
            assert_true(gist.fact_count == 9);
        free(copy);
    }
    for (size_t at = 0; at < bytes.length; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes.bytes[at] ^= (char)(1 << bit);
            if (gist_read(bytes.bytes, bytes.length, &arena, &gist))
                assert_non_null(say(&gist));
            bytes.bytes[at] ^= (char)(1 << bit);
        }
    }
    assert_false(gist_read("\x02\x00", 2, &arena, &gist));
    str_finish(&bytes);
}

static void a_long_text_of_an_unknown_name_is_left_out(void **state)
{
    struct str bytes = STR_EMPTY;
    char text[GIST_MAX_FREE + 2];
    struct gist gist;
    struct item item;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    item_init(&item, &arena, "machine", "m1");
    item_set_text(&item, "note.long", text, NULL);
    text[GIST_MAX_FREE] = '\0';
    item_set_text(&item, "note.short", text, NULL);
    item_sort(&item);
    gist_write(&bytes, &item);
    assert_true(gist_read(bytes.bytes, bytes.length, &arena, &gist));
    assert_int_equal(gist.fact_count, 1);
    assert_string_equal(gist.facts[0].name, "note.short");
    str_finish(&bytes);
}

static void every_fact_of_the_dictionary_is_found_where_it_is_kept(void **state)
{
    static const char *const kept[] = { "availability_group.distributed", "os.build", "sql.build", "wmf.version" };
    static const char *const left[] = {
        "database.size", "hardware.memory", "id.addresses", "protected.recovery_points",
        "vm.snapshots",  "vm.disks",        "id.moref",     "database.last_log_backup"
    };

    (void)state;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_true(gist_has(kept[i]));
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        assert_false(gist_has(left[i]));
}

static void read_whole(const char *path, struct str *text)
{
    FILE *file = fopen(path, "r");
    char buffer[4096];
    size_t size;

    assert_non_null(file);
    str_clear(text);
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_add_bytes(text, buffer, size);
    fclose(file);
}

/* A condition that names a fact which no gist has would never be decided. */
static unsigned check_file(const char *path)
{
    struct str text = STR_EMPTY;
    unsigned found = 0;
    char name[ITEM_MAX_NAME + 1];

    read_whole(path, &text);
    for (const char *at = str_text(&text); (at = strstr(at, "fact = \"")) != NULL; found++) {
        at += strlen("fact = \"");
        snprintf(name, sizeof name, "%.*s", (int)strcspn(at, "\""), at);
        if (attribute_find(name) != NULL && !gist_has(name))
            fail_msg("%s names %s, which is not kept", path, name);
    }
    str_finish(&text);
    return found;
}

static void every_fact_that_the_published_conditions_name_is_kept(void **state)
{
    DIR *folder = opendir(PUBLISHED "/matrix");
    unsigned found = check_file(PUBLISHED "/products.conf");
    struct dirent *entry;
    char path[512];

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder)) != NULL) {
        if (strstr(entry->d_name, ".conf") == NULL)
            continue;
        snprintf(path, sizeof path, "%s/matrix/%s", PUBLISHED, entry->d_name);
        found += check_file(path);
    }
    closedir(folder);
    assert_true(found > 100);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(what_is_written_is_read),
        WITH_ARENA(what_counts_or_ticks_does_not_change_it),
        WITH_ARENA(damage_is_never_read_beyond_its_end),
        WITH_ARENA(a_long_text_of_an_unknown_name_is_left_out),
        WITH_ARENA(every_fact_of_the_dictionary_is_found_where_it_is_kept),
        WITH_ARENA(every_fact_that_the_published_conditions_name_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
