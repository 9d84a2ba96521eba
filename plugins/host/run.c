#include "run.h"

#include "unit.h"
#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define FLUSH_SIZE ((size_t)64 << 10)
#define MAX_WARNINGS 1000
#define CUT " [cut]"

void run_init(struct muster *m, const struct plugin *plugin, const struct sink *sink, int64_t deadline_ms)
{
    memset(m, 0, sizeof *m);
    m->plugin = plugin;
    m->sink = *sink;
    m->deadline_ms = deadline_ms;
    arena_init(&m->arena, ARENA_SECRET);
    arena_init(&m->item_arena, ARENA_PLAIN);
    m->values = arena_alloc(&m->arena, (plugin->options.count + 1) * sizeof *m->values);
}

void run_finish(struct muster *m)
{
    arena_finish(&m->arena);
    arena_finish(&m->item_arena);
    str_finish(&m->out);
}

static void add_problem(void *context, const char *option, const char *sentence)
{
    struct str *problems = context;

    str_format(problems, "%soption %s: %s", problems->length == 0 ? "" : "; ", option, sentence);
}

bool run_request(struct muster *m, const struct message_request *request)
{
    struct str problems = STR_EMPTY;
    bool good;

    m->mode = (enum run_mode)request->mode;
    m->token.bytes = arena_bytes(&m->arena, request->token.bytes, request->token.size);
    m->token.size = request->token.size;
    good = option_resolve(&m->plugin->options, &request->options, &m->arena, m->values, add_problem, &problems) == 0;
    if (!good)
        run_fail(m, ERR_CONFIG, "%s", str_text(&problems));
    str_finish(&problems);
    return good;
}

typedef int callback(struct muster *);

static callback *callback_of(const struct muster_plugin *table, enum run_mode mode)
{
    switch (mode) {
    case RUN_SCAN: return table->scan;
    case RUN_CHECK: return table->check;
    case RUN_DOCTOR: return table->doctor != NULL ? table->doctor : table->check;
    case RUN_RELEASE: return table->release;
    default: return NULL;
    }
}

/* False once the run has failed. */
static bool call(struct muster *m, callback *function)
{
    int result = function == NULL ? 0 : function(m);

    if (result != 0 && m->failure.class == ERR_NONE)
        run_fail(m, ERR_BUG, "the plugin returned %d without saying why", result);
    return m->failure.class == ERR_NONE;
}

void run_call(struct muster *m)
{
    if (m->mode == RUN_SCAN && !call(m, m->plugin->table.check))
        return;
    if (call(m, callback_of(&m->plugin->table, m->mode)) && m->current.open)
        run_leave_out(m, "the plugin never emitted it");
}

void run_flush(struct muster *m)
{
    if (m->out.length == 0)
        return;
    m->sink.write(m->sink.context, m->out.bytes, m->out.length);
    str_clear(&m->out);
}

void run_flush_if_full(struct muster *m)
{
    if (m->out.length >= FLUSH_SIZE || m->sink.eager)
        run_flush(m);
}

void run_send(struct muster *m, const struct message *message)
{
    struct err err;

    if (!message_write(&m->out, message, &err))
        run_fail(m, ERR_BUG, "%s", err.text);
    run_flush_if_full(m);
}

const char *run_words(struct muster *m, const char *text, size_t max)
{
    struct str clean = STR_EMPTY;
    size_t size = strnlen(text, max + 1);
    char *words;

    if (size <= max && utf8_valid(text, size))
        return text;
    utf8_clean(&clean, text, size);
    if (clean.length > max) {
        clean.bytes[max - strlen(CUT)] = '\0';
        utf8_trim(clean.bytes);
        clean.length = strlen(clean.bytes);
        str_add(&clean, CUT);
    }
    words = arena_text(&m->item_arena, str_text(&clean));
    str_finish(&clean);
    return words;
}

static void send_warning(struct muster *m, const char *kind, const char *key, const char *text)
{
    struct message message = { .type = MESSAGE_WARNING };

    m->warnings++;
    message.warning.kind = kind == NULL ? NULL : run_words(m, kind, ITEM_MAX_NAME);
    message.warning.key = key == NULL ? NULL : run_words(m, key, ITEM_MAX_KEY);
    message.warning.text = run_words(m, text, MESSAGE_MAX_WORDS);
    run_send(m, &message);
}

void run_warn(struct muster *m, const char *kind, const char *key, const char *format, ...)
{
    struct str text = STR_EMPTY;
    va_list args;

    if (m->warnings >= MAX_WARNINGS - 1) {
        m->warnings_withheld++;
        return;
    }
    va_start(args, format);
    str_vformat(&text, format, args);
    va_end(args);
    send_warning(m, kind, key, str_text(&text));
    str_finish(&text);
}

void run_leave_out(struct muster *m, const char *why)
{
    const struct item *item = &m->current.item;

    m->current.open = false;
    m->left_out = true;
    run_warn(m, item->kind, item->key, "this record is left out: %s", why);
}

void run_vfail(struct muster *m, enum err_class class, const char *format, va_list args)
{
    if (m->failure.class == ERR_NONE)
        err_vset(&m->failure, class, format, args);
}

void run_fail(struct muster *m, enum err_class class, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    run_vfail(m, class, format, args);
    va_end(args);
}

static void send_fail(struct muster *m)
{
    struct message message = { .type = MESSAGE_FAIL };

    message.fail.class = m->failure.class;
    message.fail.text = run_words(m, m->failure.text, MESSAGE_MAX_WORDS);
    run_send(m, &message);
}

/* A delta names what is gone, so that a record that was left out cannot make its object look gone. */
static enum completeness completeness_of(const struct muster *m)
{
    if (m->completeness > COMPLETE)
        return m->completeness;
    return m->left_out || m->refused ? PARTIAL : COMPLETE;
}

static void send_end(struct muster *m)
{
    struct message message = { .type = MESSAGE_END };

    message.end.completeness = completeness_of(m);
    message.end.items = m->items;
    message.end.gone = m->gone;
    message.end.offers = m->offers;
    message.end.warnings = m->warnings;
    run_send(m, &message);
}

void run_close(struct muster *m)
{
    if (m->warnings_withheld > 0) {
        char text[80], withheld[COUNT_TEXT_SIZE];

        snprintf(text, sizeof text, "and %s", count_text(m->warnings_withheld, "more warning", withheld));
        send_warning(m, NULL, NULL, text);
    }
    if (m->failure.class != ERR_NONE)
        send_fail(m);
    else
        send_end(m);
    run_flush(m);
}
