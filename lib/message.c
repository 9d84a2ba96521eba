#include "message.h"

#include "record.h"

#include <string.h>

enum field_type {
    FIELD_NUMBER,   /* from 0 on */
    FIELD_POSITIVE, /* from 1 on: also an enum that has no 0 */
    FIELD_INT,
    FIELD_TEXT,
    FIELD_MAYBE_TEXT,
    FIELD_BYTES,
    FIELD_TEXTS,
    FIELD_OPTIONS,
    FIELD_ITEM,
};

/* One member of a message's struct. limit is the largest number, or the most bytes of a text. */
struct field {
    enum field_type type;
    size_t offset;
    uint64_t limit;
};

#define FIELD_END                                                                                                      \
    {                                                                                                                  \
        .offset = SIZE_MAX                                                                                             \
    }
#define FIELD(kind, message, member, limit)                                                                            \
    {                                                                                                                  \
        FIELD_##kind, offsetof(struct message, member), limit                                                          \
    }
#define ANY UINT64_MAX

static const struct field order_fields[] = {
    FIELD(POSITIVE, message_order, id, ANY),
    FIELD(POSITIVE, message_order, deadline_ms, INT64_MAX / 1000000),
    FIELD(NUMBER, message_order, memory_mb, UINT32_MAX),
    FIELD(NUMBER, message_order, cpu_s, UINT32_MAX),
    FIELD_END,
};

static const struct field hello_fields[] = {
    FIELD(NUMBER, message_hello, pid, INT32_MAX),
    FIELD(NUMBER, message_hello, modes, ANY),
    FIELD(NUMBER, message_hello, option_count, OPTION_MAX_COUNT),
    FIELD(TEXT, message_hello, name, ITEM_MAX_NAME),
    FIELD(TEXT, message_hello, version, ITEM_MAX_NAME),
    FIELD(TEXT, message_hello, summary, MESSAGE_MAX_WORDS),
    FIELD(TEXTS, message_hello, kinds, ITEM_MAX_NAME),
    FIELD(TEXT, message_hello, confinement, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field option_fields[] = {
    FIELD(TEXT, message_option, name, ITEM_MAX_NAME),
    FIELD(POSITIVE, message_option, type, OPTION_TYPE_COUNT - 1),
    FIELD(NUMBER, message_option, required, 1),
    FIELD(MAYBE_TEXT, message_option, fallback, OPTION_MAX_TEXT),
    FIELD(MAYBE_TEXT, message_option, help, OPTION_MAX_HELP),
    FIELD(TEXTS, message_option, choices, ITEM_MAX_NAME),
    FIELD(INT, message_option, min, ANY),
    FIELD(INT, message_option, max, ANY),
    FIELD_END,
};

static const struct field exit_fields[] = {
    FIELD(POSITIVE, message_exit, id, ANY),
    FIELD(POSITIVE, message_exit, reason, EXIT_REASON_COUNT - 1),
    FIELD(NUMBER, message_exit, code, 255),
    FIELD(NUMBER, message_exit, signal, 127),
    FIELD(NUMBER, message_exit, peak_kb, ANY),
    FIELD(NUMBER, message_exit, cpu_us, ANY),
    FIELD(NUMBER, message_exit, wall_ms, ANY),
    FIELD(TEXT, message_exit, last_words, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field refused_fields[] = {
    FIELD(NUMBER, message_refused, id, ANY),
    FIELD(NUMBER, message_refused, class, ERR_CLASS_COUNT - 1),
    FIELD(TEXT, message_refused, text, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field request_fields[] = {
    FIELD(POSITIVE, message_request, mode, RUN_MODE_COUNT - 1),
    FIELD(OPTIONS, message_request, options, OPTION_MAX_COUNT),
    FIELD(BYTES, message_request, token, MESSAGE_MAX_TOKEN),
    FIELD_END,
};

static const struct field item_fields[] = { { FIELD_ITEM, 0, 0 }, FIELD_END };

static const struct field gone_fields[] = {
    FIELD(TEXT, message_gone, kind, ITEM_MAX_NAME),
    FIELD(TEXT, message_gone, key, ITEM_MAX_KEY),
    FIELD_END,
};

static const struct field gone_by_fields[] = {
    FIELD(TEXT, message_gone_by, kind, ITEM_MAX_NAME),
    FIELD(TEXT, message_gone_by, attribute, ITEM_MAX_NAME),
    FIELD(TEXT, message_gone_by, value, ITEM_MAX_TEXT),
    FIELD_END,
};

static const struct field offer_fields[] = {
    FIELD(TEXT, message_offer, plugin, ITEM_MAX_NAME),
    FIELD(TEXT, message_offer, host, ITEM_MAX_KEY),
    FIELD(TEXT, message_offer, evidence, MESSAGE_MAX_WORDS),
    FIELD(NUMBER, message_offer, port, 65535),
    FIELD_END,
};

static const struct field token_fields[] = { FIELD(BYTES, message_token, token, MESSAGE_MAX_TOKEN), FIELD_END };

static const struct field warning_fields[] = {
    FIELD(MAYBE_TEXT, message_warning, kind, ITEM_MAX_NAME),
    FIELD(MAYBE_TEXT, message_warning, key, ITEM_MAX_KEY),
    FIELD(TEXT, message_warning, text, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field log_fields[] = {
    FIELD(POSITIVE, message_log, level, 4),
    FIELD(TEXT, message_log, text, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field step_fields[] = {
    FIELD(TEXT, message_step, name, ITEM_MAX_NAME),
    FIELD(POSITIVE, message_step, state, STEP_STATE_COUNT - 1),
    FIELD(MAYBE_TEXT, message_step, detail, MESSAGE_MAX_WORDS),
    FIELD(MAYBE_TEXT, message_step, remedy, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field end_fields[] = {
    FIELD(POSITIVE, message_end, completeness, COMPLETENESS_COUNT - 1),
    FIELD(NUMBER, message_end, items, ANY),
    FIELD(NUMBER, message_end, gone, ANY),
    FIELD(NUMBER, message_end, offers, ANY),
    FIELD(NUMBER, message_end, warnings, ANY),
    FIELD_END,
};

static const struct field fail_fields[] = {
    FIELD(NUMBER, message_fail, class, ERR_CLASS_COUNT - 1),
    FIELD(TEXT, message_fail, text, MESSAGE_MAX_WORDS),
    FIELD_END,
};

static const struct field denied_fields[] = { FIELD(TEXT, message_denied, text, MESSAGE_MAX_WORDS), FIELD_END };

static const struct field untried_fields[] = { FIELD_END };

static const struct {
    const char *name;
    const struct field *fields;
} messages[MESSAGE_TYPE_COUNT] = {
    [MESSAGE_ORDER] = { "ORDER", order_fields },       [MESSAGE_HELLO] = { "HELLO", hello_fields },
    [MESSAGE_OPTION] = { "OPTION", option_fields },    [MESSAGE_EXIT] = { "EXIT", exit_fields },
    [MESSAGE_REFUSED] = { "REFUSED", refused_fields }, [MESSAGE_REQUEST] = { "REQUEST", request_fields },
    [MESSAGE_ITEM] = { "ITEM", item_fields },          [MESSAGE_GONE] = { "GONE", gone_fields },
    [MESSAGE_OFFER] = { "OFFER", offer_fields },       [MESSAGE_TOKEN] = { "TOKEN", token_fields },
    [MESSAGE_WARNING] = { "WARNING", warning_fields }, [MESSAGE_LOG] = { "LOG", log_fields },
    [MESSAGE_STEP] = { "STEP", step_fields },          [MESSAGE_END] = { "END", end_fields },
    [MESSAGE_FAIL] = { "FAIL", fail_fields },          [MESSAGE_GONE_BY] = { "GONE_BY", gone_by_fields },
    [MESSAGE_DENIED] = { "DENIED", denied_fields },    [MESSAGE_UNTRIED] = { "UNTRIED", untried_fields },
};

const char *message_name(unsigned type)
{
    return type < MESSAGE_TYPE_COUNT && messages[type].name != NULL ? messages[type].name : "?";
}

static void put_texts(struct frame_writer *writer, const char *const *texts, size_t count)
{
    frame_put_number(writer, count);
    for (size_t i = 0; i < count; i++)
        frame_put_text(writer, texts[i]);
}

static void put_options(struct frame_writer *writer, const struct option_list *list)
{
    frame_put_number(writer, list->count);
    for (size_t i = 0; i < list->count; i++) {
        frame_put_text(writer, list->given[i].name);
        put_texts(writer, list->given[i].texts, list->given[i].count);
    }
}

static void put_field(struct frame_writer *writer, const struct field *field, const void *member)
{
    const struct text_list *texts = member;
    const struct bytes *bytes = member;

    switch (field->type) {
    case FIELD_NUMBER:
    case FIELD_POSITIVE: frame_put_number(writer, *(const uint64_t *)member); break;
    case FIELD_INT: frame_put_int(writer, *(const int64_t *)member); break;
    case FIELD_TEXT:
    case FIELD_MAYBE_TEXT: frame_put_text(writer, *(const char *const *)member); break;
    case FIELD_BYTES: frame_put_bytes(writer, bytes->bytes, bytes->size); break;
    case FIELD_TEXTS: put_texts(writer, texts->texts, texts->count); break;
    case FIELD_OPTIONS: put_options(writer, member); break;
    case FIELD_ITEM: record_put(writer, member); break;
    }
}

static const uint8_t *member_of(const void *body, const struct field *field)
{
    return (const uint8_t *)body + field->offset;
}

static bool write_fields(struct str *out, enum message_type type, const void *body, struct err *err)
{
    struct frame_writer writer;

    frame_begin(&writer, out, (uint8_t)type);
    for (const struct field *field = messages[type].fields; field->offset != SIZE_MAX; field++)
        put_field(&writer, field, member_of(body, field));
    return frame_end(&writer, err) || err_add(err, "%s", message_name(type));
}

bool message_write(struct str *out, const struct message *message, struct err *err)
{
    return write_fields(out, message->type, &message->order, err);
}

bool message_write_item(struct str *out, const struct item *item, struct err *err)
{
    return write_fields(out, MESSAGE_ITEM, item, err);
}

static uint64_t get_bounded(struct frame_reader *reader, uint64_t limit)
{
    uint64_t number = frame_get_number(reader);

    if (number <= limit)
        return number;
    frame_misfit(reader, "a number is over its limit");
    return 0;
}

static uint64_t get_positive(struct frame_reader *reader, uint64_t limit)
{
    uint64_t number = get_bounded(reader, limit);

    if (number == 0)
        frame_misfit(reader, "a number is 0 that must not be");
    return number;
}

static struct text_list get_texts(struct frame_reader *reader, size_t most, size_t max, struct arena *arena)
{
    struct text_list list = { 0 };
    size_t count = get_bounded(reader, most);
    const char **texts;

    /* A text takes six bytes at least, so a count that lies costs no more memory than the frame it came in. */
    if (count > (size_t)(reader->end - reader->at) / 6) {
        frame_misfit(reader, "there are fewer texts than it says");
        return list;
    }
    texts = arena_alloc(arena, (count + 1) * sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = frame_get_text(reader, max);
    list.texts = texts;
    list.count = count;
    return list;
}

static struct option_list get_options(struct frame_reader *reader, size_t most, struct arena *arena)
{
    size_t count = get_bounded(reader, most);
    struct option_given *given = arena_alloc(arena, (count + 1) * sizeof *given);

    for (size_t i = 0; i < count; i++) {
        struct text_list texts;

        given[i].name = frame_get_text(reader, ITEM_MAX_NAME);
        texts = get_texts(reader, OPTION_MAX_LIST, OPTION_MAX_TEXT, arena);
        given[i].texts = texts.texts;
        given[i].count = texts.count;
    }
    return (struct option_list){ .given = given, .count = count };
}

static void get_field(struct frame_reader *reader, const struct field *field, void *member, struct arena *arena)
{
    struct bytes *bytes = member;

    switch (field->type) {
    case FIELD_NUMBER: *(uint64_t *)member = get_bounded(reader, field->limit); break;
    case FIELD_POSITIVE: *(uint64_t *)member = get_positive(reader, field->limit); break;
    case FIELD_INT: *(int64_t *)member = frame_get_int(reader); break;
    case FIELD_TEXT: *(const char **)member = frame_get_text(reader, field->limit); break;
    case FIELD_MAYBE_TEXT: *(const char **)member = frame_get_maybe_text(reader, field->limit); break;
    case FIELD_BYTES: bytes->bytes = frame_get_bytes(reader, field->limit, &bytes->size); break;
    case FIELD_TEXTS: *(struct text_list *)member = get_texts(reader, ITEM_MAX_LIST, field->limit, arena); break;
    case FIELD_OPTIONS: *(struct option_list *)member = get_options(reader, field->limit, arena); break;
    case FIELD_ITEM: record_get(reader, member, arena); break;
    }
}

bool message_read(const struct frame *frame, struct arena *arena, struct message *message, struct err *err)
{
    struct frame_reader reader = frame_read(frame);
    uint8_t *body = (uint8_t *)&message->order;

    if (message_name(frame->type)[0] == '?')
        return err_set(err, ERR_PROTOCOL, "a message of type %u, which there is not", frame->type);
    message->type = frame->type;
    for (const struct field *field = messages[frame->type].fields; field->offset != SIZE_MAX; field++)
        get_field(&reader, field, body + field->offset, arena);
    return frame_done(&reader, err) || err_add(err, "a message %s is not as it must be", message_name(frame->type));
}
