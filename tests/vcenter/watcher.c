#include "watcher.h"

#include "item.h"
#include "mem.h"
#include "str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct seen {
    char *place, *kind, *name, *moref; /* place: kind and key */
    struct hash128 hash;
};

static void forget(struct seen *seen)
{
    if (seen == NULL)
        return;
    free(seen->place);
    free(seen->kind);
    free(seen->name);
    free(seen->moref);
    free(seen);
}

static char *place_of(const char *kind, const char *key)
{
    struct str place = STR_EMPTY;

    str_format(&place, "%s %s", kind, key);
    return place.bytes;
}

/* ------------------------------------------------------------------------------------------------ inventory ---- */

static void drop_all(struct map *items)
{
    const struct map_entry *entry;
    size_t at = 0;

    while ((entry = map_next(items, &at)) != NULL)
        forget(entry->value);
    map_finish(items);
}

static struct seen *remember(const struct item *item)
{
    struct seen *seen = mem_new(1, sizeof *seen);
    const char *name = item_text(item, "id.name"), *moref = item_text(item, "id.moref");
    struct item sorted = *item;

    seen->place = place_of(item->kind, item->key);
    seen->kind = mem_text(item->kind);
    seen->name = mem_text(name == NULL ? "" : name);
    seen->moref = mem_text(moref == NULL ? "" : moref);
    seen->hash = item_hash(&sorted);
    return seen;
}

static void take_items(struct map *items, const struct mock *mock)
{
    for (size_t i = 0; i < mock_item_count(mock, NULL); i++) {
        struct seen *seen = remember(mock_item_at(mock, i));

        forget(map_put(items, seen->place, seen));
    }
}

static void take_gone(struct map *items, const struct mock *mock)
{
    for (size_t i = 0; i < mock_gone_count(mock); i++) {
        char *place = place_of(mock_gone_at(mock, i)->kind, mock_gone_at(mock, i)->key);

        forget(map_remove(items, place));
        free(place);
    }
}

static struct seen *find_by_moref(const struct map *items, const struct message_gone_by *gone)
{
    const struct map_entry *entry;
    size_t at = 0;

    assert_string_equal(gone->attribute, "id.moref");
    while ((entry = map_next(items, &at)) != NULL) {
        struct seen *seen = entry->value;

        if (strcmp(seen->kind, gone->kind) == 0 && strcmp(seen->moref, gone->value) == 0)
            return seen;
    }
    return NULL;
}

static void take_gone_by(struct map *items, const struct mock *mock)
{
    for (size_t i = 0; i < mock_gone_by_count(mock); i++) {
        struct seen *seen = find_by_moref(items, mock_gone_by_at(mock, i));

        if (seen != NULL)
            forget(map_remove(items, seen->place));
    }
}

static void apply(struct watcher *watcher)
{
    if (mock_completeness(watcher->mock) == COMPLETE)
        drop_all(&watcher->items);
    take_items(&watcher->items, watcher->mock);
    if (mock_completeness(watcher->mock) != DELTA)
        return;
    take_gone(&watcher->items, watcher->mock);
    take_gone_by(&watcher->items, watcher->mock);
}

bool watcher_has(const struct watcher *watcher, const char *name)
{
    const struct map_entry *entry;
    size_t at = 0;

    while ((entry = map_next(&watcher->items, &at)) != NULL) {
        const struct seen *seen = entry->value;

        if (strcmp(seen->kind, "vm") == 0 && strcmp(seen->name, name) == 0)
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------------------------------------------- scans ---- */

void watcher_begin(struct watcher *watcher, struct vcfleet *fleet)
{
    *watcher = (struct watcher){ .fleet = fleet };
    watcher_set(watcher, "url", vcfleet_fact(fleet, VCFLEET_URL));
    watcher_set(watcher, "username", vcfleet_fact(fleet, VCFLEET_USERNAME));
    watcher_set(watcher, "password", vcfleet_fact(fleet, VCFLEET_PASSWORD));
    watcher_set(watcher, "fingerprint", vcfleet_fact(fleet, VCFLEET_FINGERPRINT));
}

void watcher_set(struct watcher *watcher, const char *name, const char *value)
{
    for (size_t i = 0; i < WATCHER_OPTIONS; i++) {
        struct watcher_option *option = &watcher->options[i];

        if (option->name != NULL && strcmp(option->name, name) != 0)
            continue;
        *option = (struct watcher_option){ name, value };
        return;
    }
    fail_msg("no room for option %s", name);
}

/* Named once more than the watcher has it: for the scan that compares. */
static struct mock *prepare(const struct watcher *watcher, const struct watcher_option *instead)
{
    struct mock *mock = mock_create(muster_plugin_entry());

    assert_true(mock_prepare(mock));
    for (size_t i = 0; i < WATCHER_OPTIONS && watcher->options[i].name != NULL; i++)
        if (instead == NULL || strcmp(watcher->options[i].name, instead->name) != 0)
            mock_option(mock, watcher->options[i].name, watcher->options[i].value);
    if (instead != NULL)
        mock_option(mock, instead->name, instead->value);
    mock_deadline(mock, 60000);
    return mock;
}

static bool run(struct watcher *watcher)
{
    mock_destroy(watcher->mock);
    watcher->mock = prepare(watcher, NULL);
    if (watcher->token != NULL)
        mock_token(watcher->mock, watcher->token, watcher->token_size);
    return mock_scan(watcher->mock);
}

static void keep_token(struct watcher *watcher)
{
    size_t size;
    const void *token = mock_kept_token(watcher->mock, &size);

    free(watcher->token);
    watcher->token = NULL;
    if (token == NULL)
        return;
    watcher->token = mem_new(1, size);
    memcpy(watcher->token, token, size);
    watcher->token_size = size;
}

static const char *last_warning(const struct watcher *watcher)
{
    size_t count = mock_warning_count(watcher->mock);

    return count == 0 ? "no warning" : mock_warning_at(watcher->mock, count - 1)->text;
}

void watcher_scan(struct watcher *watcher, enum completeness completeness)
{
    if (!run(watcher))
        fail_msg("the scan failed: %s", mock_failure(watcher->mock)->text);
    if (completeness == 0 ? mock_completeness(watcher->mock) == PARTIAL
                          : mock_completeness(watcher->mock) != completeness)
        fail_msg("the scan ended as %d, not as %d (%s)", mock_completeness(watcher->mock), completeness,
                 last_warning(watcher));
    apply(watcher);
    keep_token(watcher);
}

void watcher_fails(struct watcher *watcher, enum err_class class, const char *words)
{
    assert_false(run(watcher));
    if (mock_failure(watcher->mock)->class != class ||
        (words != NULL && strstr(mock_failure(watcher->mock)->text, words) == NULL))
        fail_msg("another failure than '%s': %s: %s", words, err_class_word(mock_failure(watcher->mock)->class),
                 mock_failure(watcher->mock)->text);
    watcher_release(watcher);
}

void watcher_release(struct watcher *watcher)
{
    struct mock *mock;

    if (watcher->token == NULL)
        return;
    mock = prepare(watcher, NULL);
    mock_token(mock, watcher->token, watcher->token_size);
    if (!mock_release(mock))
        fail_msg("the release failed: %s", mock_failure(mock)->text);
    mock_destroy(mock);
    free(watcher->token);
    watcher->token = NULL;
}

void watcher_compare(struct watcher *watcher)
{
    struct mock *mock = prepare(watcher, &(struct watcher_option){ "incremental", "false" });
    struct map fresh = MAP_EMPTY;
    const struct map_entry *entry;
    size_t at = 0;

    if (!mock_scan(mock))
        fail_msg("the scan to compare with failed: %s", mock_failure(mock)->text);
    take_items(&fresh, mock);
    while ((entry = map_next(&fresh, &at)) != NULL) {
        const struct seen *now = entry->value, *known = map_get(&watcher->items, now->place);

        if (known == NULL)
            fail_msg("%s (%s) is not in the inventory", now->place, now->name);
        else if (memcmp(&known->hash, &now->hash, sizeof now->hash) != 0)
            fail_msg("%s (%s) is another in the inventory (there: %s)", now->place, now->name, known->name);
    }
    at = 0;
    while ((entry = map_next(&watcher->items, &at)) != NULL)
        if (map_get(&fresh, entry->key) == NULL)
            fail_msg("%s (%s) should be gone", entry->key, ((struct seen *)entry->value)->name);
    drop_all(&fresh);
    mock_destroy(mock);
}

bool watcher_warned(const struct watcher *watcher, const char *words)
{
    for (size_t i = 0; i < mock_warning_count(watcher->mock); i++)
        if (strstr(mock_warning_at(watcher->mock, i)->text, words) != NULL)
            return true;
    return false;
}

void watcher_end(struct watcher *watcher)
{
    watcher_release(watcher);
    assert_int_equal(vcfleet_sessions(watcher->fleet), 0);
    drop_all(&watcher->items);
    mock_destroy(watcher->mock);
    vcfleet_stop(watcher->fleet);
}
