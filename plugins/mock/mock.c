#include "mock.h"

#include "clock.h"
#include "item_look.h"
#include "mem.h"
#include "plugin.h"
#include "run.h"
#include "stream.h"
#include "vec.h"

#include <stdlib.h>
#include <string.h>

struct mock {
    struct plugin plugin;
    bool adopted;
    struct err failure, refusal;
    enum completeness completeness;
    int64_t deadline_ms;
    struct arena inputs, outputs;
    struct bytes token, kept;
    vec(struct option_given) options;
    vec(struct item) items;
    vec(struct message_warning) warnings;
    vec(struct message_offer) offers;
    vec(struct message_step) steps;
    vec(struct message_gone) gone;
    vec(struct message_gone_by) gone_by;
};

struct mock *mock_create(const struct muster_plugin *plugin)
{
    struct mock *mock = mem_new(1, sizeof *mock);

    mock->adopted = plugin_adopt(&mock->plugin, plugin, &mock->failure);
    arena_init(&mock->inputs, ARENA_PLAIN);
    arena_init(&mock->outputs, ARENA_PLAIN);
    return mock;
}

static void forget(struct mock *mock)
{
    vec_clear(&mock->items);
    vec_clear(&mock->warnings);
    vec_clear(&mock->offers);
    vec_clear(&mock->steps);
    vec_clear(&mock->gone);
    vec_clear(&mock->gone_by);
    mock->kept = (struct bytes){ 0 };
    mock->completeness = 0;
    arena_reset(&mock->outputs);
}

void mock_destroy(struct mock *mock)
{
    if (mock == NULL)
        return;
    vec_finish(&mock->options);
    vec_finish(&mock->items);
    vec_finish(&mock->warnings);
    vec_finish(&mock->offers);
    vec_finish(&mock->steps);
    vec_finish(&mock->gone);
    vec_finish(&mock->gone_by);
    arena_finish(&mock->inputs);
    arena_finish(&mock->outputs);
    plugin_finish(&mock->plugin);
    free(mock);
}

void mock_option(struct mock *mock, const char *name, const char *text)
{
    struct option_given *given = NULL;
    const char **texts;

    for (size_t i = 0; i < mock->options.count; i++) {
        if (strcmp(mock->options.items[i].name, name) == 0)
            given = &mock->options.items[i];
    }
    if (given == NULL) {
        vec_push(&mock->options, ((struct option_given){ .name = arena_text(&mock->inputs, name) }));
        given = &mock->options.items[mock->options.count - 1];
    }
    texts = arena_alloc(&mock->inputs, (given->count + 1) * sizeof *texts);
    if (given->count > 0)
        memcpy(texts, given->texts, given->count * sizeof *texts);
    texts[given->count++] = arena_text(&mock->inputs, text);
    given->texts = texts;
}

void mock_token(struct mock *mock, const void *bytes, size_t size)
{
    mock->token = (struct bytes){ arena_bytes(&mock->inputs, bytes, size), size };
}

void mock_deadline(struct mock *mock, int64_t ms)
{
    mock->deadline_ms = ms;
}

static const char *keep(struct mock *mock, const char *text)
{
    return text == NULL ? NULL : arena_text(&mock->outputs, text);
}

static void keep_item(void *context, struct item *from, struct hash128 content)
{
    struct mock *mock = context;
    struct item item;

    (void)content;
    item_init(&item, &mock->outputs, keep(mock, from->kind), keep(mock, from->key));
    for (size_t i = 0; i < from->attribute_count; i++)
        item_set(&item, from->attributes[i].name, &from->attributes[i].value, NULL);
    for (size_t i = 0; i < from->link_count; i++)
        item_link(&item, &from->links[i], NULL);
    for (size_t i = 0; i < from->unread_count; i++)
        item_unread(&item, from->unread[i].prefix, from->unread[i].why, NULL);
    vec_push(&mock->items, item);
}

static void keep_gone(void *context, const struct message_gone *gone)
{
    struct mock *mock = context;

    vec_push(&mock->gone, ((struct message_gone){ keep(mock, gone->kind), keep(mock, gone->key) }));
}

static void keep_gone_by(void *context, const struct message_gone_by *gone)
{
    struct mock *mock = context;

    vec_push(&mock->gone_by, ((struct message_gone_by){ keep(mock, gone->kind), keep(mock, gone->attribute),
                                                        keep(mock, gone->value) }));
}

static void keep_offer(void *context, const struct message_offer *offer)
{
    struct mock *mock = context;
    struct message_offer kept = *offer;

    kept.plugin = keep(mock, offer->plugin);
    kept.host = keep(mock, offer->host);
    kept.evidence = keep(mock, offer->evidence);
    vec_push(&mock->offers, kept);
}

static void keep_token(void *context, const struct message_token *token)
{
    struct mock *mock = context;

    mock->kept =
        (struct bytes){ arena_bytes(&mock->outputs, token->token.bytes, token->token.size), token->token.size };
}

static void keep_warning(void *context, const struct message_warning *warning)
{
    struct mock *mock = context;
    struct message_warning kept = { keep(mock, warning->kind), keep(mock, warning->key), keep(mock, warning->text) };

    vec_push(&mock->warnings, kept);
}

static void keep_step(void *context, const struct message_step *step)
{
    struct mock *mock = context;
    struct message_step kept = *step;

    kept.name = keep(mock, step->name);
    kept.detail = keep(mock, step->detail);
    kept.remedy = keep(mock, step->remedy);
    vec_push(&mock->steps, kept);
}

static const struct stream_handler handler = {
    .item = keep_item,
    .gone = keep_gone,
    .gone_by = keep_gone_by,
    .offer = keep_offer,
    .token = keep_token,
    .warning = keep_warning,
    .step = keep_step,
};

static void feed(void *context, const void *bytes, size_t size)
{
    stream_feed(context, bytes, size);
}

static bool run(struct mock *mock, enum run_mode mode)
{
    struct message_request request = { .mode = mode,
                                       .options = { mock->options.items, mock->options.count },
                                       .token = mock->token };
    int64_t deadline = mock->deadline_ms == 0 ? INT64_MAX : clock_mono_ms(&clock_system) + mock->deadline_ms;
    struct stream stream;
    struct muster m;

    if (!mock->adopted)
        return false;
    forget(mock);
    if (request.token.bytes == NULL)
        request.token.bytes = "";
    stream_init(&stream, &stream_default_limits, &handler, mock);
    run_init(&m, &mock->plugin, &(struct sink){ .write = feed, .context = &stream }, deadline);
    if (run_request(&m, &request))
        run_call(&m);
    run_close(&m);
    run_finish(&m);
    stream_close(&stream);
    mock->failure = stream.err;
    mock->completeness = stream.completeness;
    mock->refusal = stream.refusal;
    stream_finish(&stream);
    return stream.state == STREAM_ENDED;
}

bool mock_prepare(struct mock *mock)
{
    return mock->adopted && plugin_prepare(&mock->plugin, &mock->failure);
}

bool mock_scan(struct mock *mock)
{
    return run(mock, RUN_SCAN);
}

bool mock_check(struct mock *mock)
{
    return run(mock, RUN_CHECK);
}

bool mock_doctor(struct mock *mock)
{
    return run(mock, RUN_DOCTOR);
}

bool mock_release(struct mock *mock)
{
    return run(mock, RUN_RELEASE);
}

const struct err *mock_failure(const struct mock *mock)
{
    return &mock->failure;
}

enum completeness mock_completeness(const struct mock *mock)
{
    return mock->completeness;
}

const char *mock_refused(const struct mock *mock)
{
    return mock->refusal.class == ERR_NONE ? NULL : mock->refusal.text;
}

size_t mock_item_count(const struct mock *mock, const char *kind)
{
    size_t count = 0;

    for (size_t i = 0; i < mock->items.count; i++)
        count += kind == NULL || strcmp(mock->items.items[i].kind, kind) == 0;
    return count;
}

const struct item *mock_item_at(const struct mock *mock, size_t index)
{
    return &mock->items.items[index];
}

const struct item *mock_item(const struct mock *mock, const char *kind, const char *key)
{
    for (size_t i = 0; i < mock->items.count; i++) {
        const struct item *item = &mock->items.items[i];

        if (strcmp(item->kind, kind) == 0 && strcmp(item->key, key) == 0)
            return item;
    }
    return NULL;
}

const char *mock_text(const struct mock *mock, const char *kind, const char *key, const char *attribute)
{
    const struct item *item = mock_item(mock, kind, key);

    return item == NULL ? NULL : item_text(item, attribute);
}

int64_t mock_int(const struct mock *mock, const char *kind, const char *key, const char *attribute)
{
    const struct item *item = mock_item(mock, kind, key);
    const struct value *value = item == NULL ? NULL : item_get(item, attribute);

    return value == NULL || value->type != VALUE_INT ? INT64_MIN : value->number;
}

const char *mock_unread(const struct mock *mock, const char *kind, const char *key, const char *attribute)
{
    const struct item *item = mock_item(mock, kind, key);

    return item == NULL ? NULL : item_look_unread(item, attribute);
}

size_t mock_warning_count(const struct mock *mock)
{
    return mock->warnings.count;
}

const struct message_warning *mock_warning_at(const struct mock *mock, size_t index)
{
    return &mock->warnings.items[index];
}

size_t mock_offer_count(const struct mock *mock)
{
    return mock->offers.count;
}

const struct message_offer *mock_offer_at(const struct mock *mock, size_t index)
{
    return &mock->offers.items[index];
}

size_t mock_step_count(const struct mock *mock)
{
    return mock->steps.count;
}

const struct message_step *mock_step_at(const struct mock *mock, size_t index)
{
    return &mock->steps.items[index];
}

size_t mock_gone_count(const struct mock *mock)
{
    return mock->gone.count;
}

const struct message_gone *mock_gone_at(const struct mock *mock, size_t index)
{
    return &mock->gone.items[index];
}

size_t mock_gone_by_count(const struct mock *mock)
{
    return mock->gone_by.count;
}

const struct message_gone_by *mock_gone_by_at(const struct mock *mock, size_t index)
{
    return &mock->gone_by.items[index];
}

const void *mock_kept_token(const struct mock *mock, size_t *size)
{
    *size = mock->kept.size;
    return mock->kept.size == 0 ? NULL : mock->kept.bytes;
}
