#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pretend.h"

#include "cim_gather.h"
#include "item_look.h"
#include "wsman_read.h"

#include <stdio.h>
#include <string.h>

struct windows pretend;

static struct cim_gather gather;

void pretend_begin(void)
{
    windows_init(&pretend, NULL, NULL, "machine");
    pretend.computer.key = "k";
    cim_gather_init(&gather);
}

void pretend_end(void)
{
    cim_gather_finish(&gather);
    windows_finish(&pretend);
}

void pretend_take(const struct windows_section *section, size_t query, ...)
{
    struct err err;
    const char *word;
    va_list words;

    cim_gather_begin(&gather, "");
    va_start(words, query);
    while ((word = va_arg(words, const char *)) != NULL) {
        const char *equals = strchr(word, '=');
        char name[64];

        snprintf(name, sizeof name, "%.*s", equals == NULL ? (int)strlen(word) : (int)(equals - word), word);
        assert_true(cim_gather_open(&gather, name, equals == NULL, 100, &err));
        cim_gather_close(&gather, equals == NULL ? "" : equals + 1, equals == NULL ? 0 : strlen(equals + 1));
    }
    va_end(words);
    assert_true(query < section->query_count);
    section->queries[query].take(&pretend, cim_gather_end(&gather));
}

struct replay {
    const struct windows_query *query;
    size_t count;
};

static bool take(void *context, const struct cim_instance *instance, struct err *err)
{
    struct replay *replay = context;

    (void)err;
    replay->count++;
    replay->query->take(&pretend, instance);
    return true;
}

void pretend_replay(const struct windows_section *section, size_t query, const char *path)
{
    struct replay replay = { .query = &section->queries[query] };
    const struct wsman_taker taker = { take, &replay };
    struct wsman_reader *reader = wsman_reader_create(&taker);
    static char bytes[1 << 20];
    FILE *file = fopen(path, "r");
    struct err err = ERR_EMPTY;
    size_t size;

    if (file == NULL)
        fail_msg("%s cannot be read", path);
    size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    if (!wsman_reader_feed(reader, bytes, size, &err) || !wsman_reader_end(reader, &err))
        fail_msg("%s: %s", path, err.text);
    assert_true(replay.count > 0);
    wsman_reader_destroy(reader);
}

void pretend_finish(const struct windows_section *section)
{
    if (section->finish != NULL)
        section->finish(&pretend);
    vec_clear(&pretend.names);
}

void pretend_absent(const struct windows_section *section)
{
    if (section->absent != NULL)
        section->absent(&pretend);
    vec_clear(&pretend.names);
}

const char *pretend_text(const char *attribute)
{
    return facts_get(&pretend.computer, attribute);
}

int64_t pretend_int(const char *attribute)
{
    int64_t number;

    return facts_number(&pretend.computer, attribute, &number) ? number : INT64_MIN;
}

const char *pretend_list(const struct item *item, const char *attribute)
{
    return item_look_list(item, attribute, " ");
}

const char *pretend_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}

int pretend_truth(const struct item *item, const char *attribute)
{
    return item_look_truth(item, attribute);
}
