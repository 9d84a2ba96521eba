#include "print.h"

#include "attribute.h"
#include "json.h"
#include "log.h"
#include "text.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define KIND_COLUMNS 18
#define MIN_COLUMNS 60
#define MAX_COLUMNS 1000
#define MAX_TALLIES 64
#define PROGRESS_STEP 100

/* As wide as the terminal; where there is none, as COLUMNS says, or wide enough for what matters. */
static size_t table_columns(int descriptor)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int64_t number;

    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= MIN_COLUMNS)
        return size.ws_col;
    if (columns != NULL && int_parse(columns, &number, NULL) && number >= MIN_COLUMNS && number <= MAX_COLUMNS)
        return (size_t)number;
    return 140;
}

void print_init(struct print *print, enum output output, FILE *out)
{
    *print = (struct print){ .output = output, .out = out };
    print->columns = table_columns(fileno(out));
    print->progress = isatty(STDERR_FILENO) && !isatty(fileno(out));
    arena_init(&print->arena, ARENA_SECRET);
}

void print_finish(struct print *print)
{
    vec_finish(&print->tallies);
    arena_finish(&print->arena);
    str_finish(&print->line);
}

static void put_line(struct print *print)
{
    fwrite(str_text(&print->line), 1, print->line.length, print->out);
    str_clear(&print->line);
}

static void put_json(struct print *print, const struct json_line *line)
{
    json_add_line(&print->line, line);
    put_line(print);
}

static void add_number(struct str *out, const char *name, int64_t number)
{
    const struct attribute_rule *rule = attribute_find(name);
    char size[UNIT_TEXT_SIZE];

    if (rule != NULL && strcmp(rule->unit, "bytes") == 0)
        str_add(out, size_text(number, size));
    else
        str_format(out, "%lld", (long long)number);
}

static void add_value(struct str *out, const char *name, const struct value *value)
{
    switch (value->type) {
    case VALUE_TEXT: str_add(out, value->text); break;
    case VALUE_INT: add_number(out, name, value->number); break;
    case VALUE_BOOL: str_add(out, value->truth ? "yes" : "no"); break;
    case VALUE_LIST:
        for (size_t i = 0; i < value->list.count; i++)
            str_format(out, "%s%s", i == 0 ? "" : ",", value->list.texts[i]);
        break;
    }
}

/* What a person calls the thing; its key where it has no name. */
static const char *name_of(const struct item *item)
{
    static const char *const names[] = { "id.fqdn", "id.name", "guest.fqdn", "guest.name" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *name = item_text(item, names[i]);

        if (name != NULL && name[0] != '\0')
            return name;
    }
    return item->key;
}

/* What a reader looks for first; a row has no room for everything. */
static const char *const headlines[] = {
    "os.name",
    "os.build",
    "os.service_pack",
    "hardware.model",
    "vsphere.product",
    "vsphere.version",
    "sql.build",
    "sql.edition",
    "exchange.version",
    "sharepoint.version",
    "backup.product",
    "backup.version",
    "protected.type",
    "protected.computer",
    "database.state",
    "database.on_csv",
    "volume.filesystem",
    "volume.capacity",
    "datastore.type",
    "guest.id",
    "guest.build",
    "vm.configured_guest_name",
    "vm.configured_guest_id",
    "vm.state",
    "cluster.type",
    "cluster.nodes",
};

#define HEADLINES (sizeof headlines / sizeof headlines[0])

static bool is_headline(const char *name)
{
    for (size_t i = 0; i < HEADLINES; i++) {
        if (strcmp(headlines[i], name) == 0)
            return true;
    }
    return false;
}

static void add_fact(struct str *out, const char *name, const struct value *value)
{
    if (value == NULL)
        return;
    str_format(out, "%s%s=", out->length == 0 ? "" : "  ", name);
    add_value(out, name, value);
}

static void add_facts(struct str *out, const struct item *item)
{
    for (size_t i = 0; i < HEADLINES; i++)
        add_fact(out, headlines[i], item_get(item, headlines[i]));
    for (size_t i = 0; i < item->unread_count; i++)
        str_format(out, "%s%s not read: %s", out->length == 0 ? "" : "  ", item->unread[i].prefix, item->unread[i].why);
    for (size_t i = 0; i < item->attribute_count; i++) {
        const struct attribute *attribute = &item->attributes[i];

        if (strncmp(attribute->name, "id.", 3) != 0 && !is_headline(attribute->name))
            add_fact(out, attribute->name, &attribute->value);
    }
}

static void put_row(struct print *print, const char *kind, const char *name, const char *facts)
{
    size_t name_columns = print->columns / 4;

    text_fit(&print->line, kind, KIND_COLUMNS);
    str_add_char(&print->line, ' ');
    text_fit(&print->line, name, name_columns);
    str_add_char(&print->line, ' ');
    text_fit(&print->line, facts, print->columns - KIND_COLUMNS - name_columns - 2);
    while (print->line.length > 0 && print->line.bytes[print->line.length - 1] == ' ')
        print->line.length--;
    str_add_char(&print->line, '\n');
    put_line(print);
}

static void put_item_row(struct print *print, const struct item *item)
{
    struct str facts = STR_EMPTY;

    if (print->items == 0)
        put_row(print, "KIND", "NAME", "FACTS");
    add_facts(&facts, item);
    put_row(print, item->kind, name_of(item), str_text(&facts));
    str_finish(&facts);
}

static void tally(struct print *print, const char *kind)
{
    vec_each (tally, &print->tallies) {
        if (strcmp(tally->kind, kind) == 0) {
            tally->count++;
            return;
        }
    }
    if (print->tallies.count < MAX_TALLIES)
        vec_push(&print->tallies, (struct tally){ arena_text(&print->arena, kind), 1 });
}

static void print_item(void *context, struct item *item, struct hash128 content)
{
    struct print *print = context;
    char items[COUNT_TEXT_SIZE];

    (void)content;
    if (print->output == OUTPUT_TABLE) {
        put_item_row(print, item);
    } else {
        json_add_item(&print->line, item);
        put_line(print);
    }
    tally(print, item->kind);
    if (++print->items % PROGRESS_STEP == 0 && print->progress)
        fprintf(stderr, "\r%s", count_text(print->items, "item", items));
}

static void print_gone(void *context, const struct message_gone *gone)
{
    struct print *print = context;
    const struct json_line line = { .type = JSON_GONE, .kind = gone->kind, .key = gone->key };

    if (print->output == OUTPUT_TABLE)
        put_row(print, gone->kind, gone->key, "gone");
    else
        put_json(print, &line);
}

static void print_gone_by(void *context, const struct message_gone_by *gone)
{
    struct print *print = context;
    const struct json_line line = {
        .type = JSON_GONE_BY, .kind = gone->kind, .attribute = gone->attribute, .value = gone->value
    };
    struct str name = STR_EMPTY;

    str_format(&name, "%s=%s", gone->attribute, gone->value);
    if (print->output == OUTPUT_TABLE)
        put_row(print, gone->kind, str_text(&name), "gone");
    else
        put_json(print, &line);
    str_finish(&name);
}

static void print_denied(void *context, const struct message_denied *denied)
{
    struct print *print = context;
    const struct json_line line = { .type = JSON_REFUSED, .text = denied->text };

    if (print->output == OUTPUT_JSON)
        put_json(print, &line);
}

static void print_offer(void *context, const struct message_offer *offer)
{
    struct print *print = context;
    const struct json_line line = {
        .type = JSON_OFFER,
        .plugin = offer->plugin,
        .host = offer->host,
        .evidence = offer->evidence,
        .port = (int64_t)offer->port,
    };

    if (print->output == OUTPUT_TABLE)
        put_row(print, "(offer)", offer->host, offer->evidence);
    else
        put_json(print, &line);
}

static void print_warning(void *context, const struct message_warning *warning)
{
    struct print *print = context;
    const struct json_line line = {
        .type = JSON_WARNING, .kind = warning->kind, .key = warning->key, .text = warning->text
    };

    fflush(print->out); /* what goes to standard error stands where it belongs */
    if (print->output == OUTPUT_JSON)
        put_json(print, &line);
    else if (warning->key != NULL)
        log_warning("%s %s: %s", warning->kind == NULL ? "" : warning->kind, warning->key, warning->text);
    else
        log_warning("%s", warning->text);
}

static void keep_token(void *context, const struct message_token *token)
{
    struct print *print = context;

    print->token.bytes = arena_bytes(&print->arena, token->token.bytes, token->token.size);
    print->token.size = token->token.size;
}

static void print_log(void *context, const struct message_log *message)
{
    fflush(((struct print *)context)->out);
    log_write((enum log_level)message->level, "%s", message->text);
}

static void print_step(void *context, const struct message_step *step)
{
    static const char *const words[] = {
        [STEP_OK] = "ok", [STEP_WARNING] = "warning", [STEP_FAILED] = "FAILED", [STEP_SKIPPED] = "skipped"
    };
    struct print *print = context;

    print->failed_steps += step->state == STEP_FAILED;
    text_fit(&print->line, words[step->state == 0 ? STEP_FAILED : step->state], 8);
    str_add_char(&print->line, ' ');
    text_line(&print->line, step->name);
    if (step->detail != NULL) {
        str_add(&print->line, ": ");
        text_line(&print->line, step->detail);
    }
    str_add_char(&print->line, '\n');
    if (step->remedy != NULL) {
        str_add(&print->line, "         to do: ");
        text_line(&print->line, step->remedy);
        str_add_char(&print->line, '\n');
    }
    put_line(print);
    fflush(print->out);
}

const struct stream_handler print_handler = {
    .item = print_item,
    .gone = print_gone,
    .gone_by = print_gone_by,
    .denied = print_denied,
    .offer = print_offer,
    .token = keep_token,
    .warning = print_warning,
    .log = print_log,
    .step = print_step,
};

static const char *completeness_word(enum completeness completeness)
{
    static const char *const words[] = { [COMPLETE] = "complete", [DELTA] = "delta", [PARTIAL] = "partial" };

    return words[completeness];
}

static int by_kind(const void *one, const void *other)
{
    return strcmp(((const struct tally *)one)->kind, ((const struct tally *)other)->kind);
}

static void say_summary(struct print *print, const struct stream *stream)
{
    char counted[COUNT_TEXT_SIZE];
    struct str text = STR_EMPTY;

    if (print->tallies.count > 0)
        qsort(print->tallies.items, print->tallies.count, sizeof *print->tallies.items, by_kind);
    str_add(&text, count_text(print->items, "item", counted));
    vec_each (tally, &print->tallies)
        str_format(&text, "%s %llu %s", tally == print->tallies.items ? ":" : ",", (unsigned long long)tally->count,
                   tally->kind);
    str_add(&text, "; ");
    str_add(&text, count_text(stream->warnings + stream->twice, "warning", counted));
    fprintf(stderr, "%s%s; %s\n", print->progress ? "\r" : "", str_text(&text),
            completeness_word(stream->completeness));
    if (print->items == 0 && stream->completeness == COMPLETE)
        log_warning("a complete scan of nothing: in the daemon, all that was known of this target would count as gone");
    str_finish(&text);
}

void print_end(struct print *print, const struct stream *stream)
{
    struct json_line line = { .type = JSON_END, .items = (int64_t)print->items };

    if (stream->state == STREAM_ENDED) {
        line.completeness = completeness_word(stream->completeness);
    } else {
        line.type = JSON_FAIL;
        line.failure_class = err_class_word(stream->err.class);
        line.text = stream->err.text;
    }
    if (print->output == OUTPUT_JSON)
        put_json(print, &line);
    fflush(print->out);
    if (stream->state == STREAM_ENDED)
        say_summary(print, stream);
}
