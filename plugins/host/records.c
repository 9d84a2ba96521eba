/* The record functions of the ABI (plugins/muster_plugin.h): items, what is gone, offers, warnings. */
#include "attribute.h"
#include "run.h"
#include "utf8.h"

#include <string.h>

/* Whether a record may still be sent; a plugin that goes on after its end has a defect. */
static bool may_send(struct muster *m, const char *what)
{
    if (m->completeness == 0)
        return m->failure.class == ERR_NONE;
    run_fail(m, ERR_BUG, "the plugin sent %s after muster_end()", what);
    return false;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

MUSTER_EXPORT struct muster_item *muster_item(struct muster *m, const char *kind, const char *key)
{
    struct muster_item *current = &m->current;

    if (current->open)
        run_leave_out(m, "the plugin started another without emitting it");
    arena_reset(&m->item_arena);
    current->m = m;
    current->open = true;
    current->fault = ERR_EMPTY;
    item_init(&current->item, &m->item_arena, or_empty(kind), or_empty(key));
    if (!item_check(&current->item, &current->fault))
        return current;
    if (!plugin_has_kind(m->plugin, kind))
        err_set(&current->fault, ERR_BUG, "the kind %.100s is not in the plugin's .kinds", kind);
    return current;
}

/* Whether there is a record to fill: one that is open, and that will not be left out anyway. */
static bool is_fillable(struct muster_item *item)
{
    if (!item->open)
        run_fail(item->m, ERR_BUG, "the plugin used a record after it had emitted it");
    return item->open && item->fault.class == ERR_NONE;
}

/* What does not fit is left out and marked as unread, so that it is never taken for absent. */
static void leave_out(struct muster_item *item, const char *attribute, const struct err *why)
{
    run_warn(item->m, item->item.kind, item->item.key, "attribute %.128s is left out: %s", attribute, why->text);
    if (item_is_name(attribute) && !item_unread(&item->item, attribute, why->text, NULL))
        item->fault = *why;
}

static void set(struct muster_item *item, const char *attribute, const struct value *value)
{
    struct err err;

    if (is_fillable(item) &&
        !(attribute_check(item->item.kind, attribute, value, &err) && item_set(&item->item, attribute, value, &err)))
        leave_out(item, attribute, &err);
}

/* Text as it may be recorded: invalid UTF-8 replaced, which is warned of once per value. */
static const char *clean_text(struct muster_item *item, const char *attribute, const char *text)
{
    struct str clean = STR_EMPTY;
    size_t size = strnlen(text, ITEM_MAX_TEXT + 1);

    if (size > ITEM_MAX_TEXT || utf8_valid(text, size))
        return text;
    utf8_clean(&clean, text, size);
    text = arena_text(item->item.arena, str_text(&clean));
    str_finish(&clean);
    run_warn(item->m, item->item.kind, item->item.key,
             "attribute %.128s holds bytes that are not UTF-8; they are recorded as U+FFFD", attribute);
    return text;
}

MUSTER_EXPORT void muster_set(struct muster_item *item, const char *attribute, const char *text)
{
    struct value value = { .type = VALUE_TEXT };

    if (text == NULL)
        return;
    value.text = clean_text(item, or_empty(attribute), text);
    set(item, or_empty(attribute), &value);
}

MUSTER_EXPORT void muster_set_int(struct muster_item *item, const char *attribute, int64_t number)
{
    const struct value value = { .type = VALUE_INT, .number = number };

    set(item, or_empty(attribute), &value);
}

MUSTER_EXPORT void muster_set_bool(struct muster_item *item, const char *attribute, int truth)
{
    const struct value value = { .type = VALUE_BOOL, .truth = truth != 0 };

    set(item, or_empty(attribute), &value);
}

MUSTER_EXPORT void muster_set_list(struct muster_item *item, const char *attribute, const char *const *texts,
                                   size_t count)
{
    struct value value = { .type = VALUE_LIST };
    size_t kept = count > ITEM_MAX_LIST ? 0 : count; /* item_set refuses the rest by its number */
    const char **clean;

    if (texts == NULL)
        return;
    clean = arena_alloc(item->item.arena, (kept + 1) * sizeof *clean);
    for (size_t i = 0; i < kept; i++)
        clean[i] = clean_text(item, or_empty(attribute), or_empty(texts[i]));
    value.list.texts = clean;
    value.list.count = count;
    set(item, or_empty(attribute), &value);
}

static void add_link(struct muster_item *item, const struct link *link)
{
    struct err err;

    if (!is_fillable(item) || item_link(&item->item, link, &err))
        return;
    if (item->item.link_count >= ITEM_MAX_LINKS) {
        item->fault = err;
        return;
    }
    item->m->left_out = true;
    run_warn(item->m, item->item.kind, item->item.key, "a link is left out: %s", err.text);
}

MUSTER_EXPORT void muster_link(struct muster_item *item, const char *relation, const char *kind, const char *key)
{
    const struct link link = { .relation = or_empty(relation), .kind = or_empty(kind), .key = or_empty(key) };

    add_link(item, &link);
}

MUSTER_EXPORT void muster_link_by(struct muster_item *item, const char *relation, const char *kind,
                                  const char *attribute, const char *value)
{
    const struct link link = {
        .relation = or_empty(relation),
        .kind = or_empty(kind),
        .attribute = or_empty(attribute),
        .value = or_empty(value),
    };

    add_link(item, &link);
}

MUSTER_EXPORT void muster_unread(struct muster_item *item, const char *attribute_or_prefix, const char *format, ...)
{
    struct str why = STR_EMPTY;
    struct err err;
    va_list args;

    va_start(args, format);
    str_vformat(&why, format, args);
    va_end(args);
    if (is_fillable(item) && !item_unread(&item->item, or_empty(attribute_or_prefix),
                                          run_words(item->m, str_text(&why), ITEM_MAX_WHY), &err))
        item->fault = err;
    str_finish(&why);
}

MUSTER_EXPORT int muster_emit(struct muster_item *item)
{
    struct muster *m = item->m;
    struct err err;

    if (!item->open) {
        run_fail(m, ERR_BUG, "the plugin emitted a record that it had emitted already");
        return -1;
    }
    item->open = false;
    if (!may_send(m, "a record"))
        return -1;
    err = item->fault;
    if (err.class != ERR_NONE || !message_write_item(&m->out, &item->item, &err)) {
        run_leave_out(m, err.text);
        return -1;
    }
    m->items++;
    run_flush_if_full(m);
    return 0;
}

/* kind and key of something that is no record of its own, or a warning that they are not what they must be. */
static bool good_name(struct muster *m, const char *what, const char *kind, const char *key)
{
    const struct item item = { .kind = or_empty(kind), .key = or_empty(key) };
    struct err err;

    if (item_check(&item, &err))
        return true;
    run_warn(m, kind, key, "%s is left out: %s", what, err.text);
    return false;
}

MUSTER_EXPORT void muster_gone(struct muster *m, const char *kind, const char *key)
{
    struct message message = { .type = MESSAGE_GONE, .gone = { .kind = kind, .key = key } };

    if (!may_send(m, "what is gone") || !good_name(m, "what is gone", kind, key))
        return;
    m->gone++;
    run_send(m, &message);
}

static bool good_fact(struct muster *m, const char *kind, const char *attribute, const char *value)
{
    size_t size = value == NULL ? 0 : strnlen(value, ITEM_MAX_TEXT + 1);

    if (kind != NULL && item_is_word(kind) && attribute != NULL && item_is_name(attribute) && size > 0 &&
        size <= ITEM_MAX_TEXT)
        return true;
    run_warn(m, kind, NULL,
             "what is gone is left out: its kind, the attribute %.128s or its value is not what it must be",
             or_empty(attribute));
    return false;
}

MUSTER_EXPORT void muster_gone_by(struct muster *m, const char *kind, const char *attribute, const char *value)
{
    struct message message = { .type = MESSAGE_GONE_BY, .gone_by = { kind, attribute, NULL } };

    if (!may_send(m, "what is gone") || !good_fact(m, kind, attribute, value))
        return;
    message.gone_by.value = run_words(m, value, ITEM_MAX_TEXT);
    m->gone++;
    run_send(m, &message);
}

MUSTER_EXPORT void muster_offer(struct muster *m, const char *plugin, const char *host, int port, const char *evidence)
{
    struct message message = { .type = MESSAGE_OFFER };

    if (!may_send(m, "an offer"))
        return;
    if (plugin == NULL || !item_is_word(plugin) || host == NULL || host[0] == '\0' || strlen(host) > ITEM_MAX_KEY ||
        port < 0 || port > 65535) {
        run_warn(m, NULL, host, "an offer is left out: its plugin, host or port is not what it must be");
        return;
    }
    message.offer.plugin = plugin;
    message.offer.host = run_words(m, host, ITEM_MAX_KEY);
    message.offer.port = (uint64_t)port;
    message.offer.evidence = run_words(m, or_empty(evidence), MESSAGE_MAX_WORDS);
    m->offers++;
    run_send(m, &message);
}

MUSTER_EXPORT void muster_warn(struct muster *m, const char *kind, const char *key, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    if (may_send(m, "a warning"))
        run_warn(m, kind, key, "%s", str_text(&text));
    str_finish(&text);
}
