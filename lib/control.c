#include "control.h"

#include "item.h"

#include <string.h>

static void put_request(struct frame_writer *writer, const struct control_request *request)
{
    frame_put_text(writer, request->verb);
    frame_put_number(writer, request->count);
    for (size_t i = 0; i < request->count; i++)
        frame_put_text(writer, request->arguments[i]);
}

static void put_record(struct frame_writer *writer, const struct control_record *record)
{
    frame_put_text(writer, record->name);
    frame_put_number(writer, record->count);
    for (size_t i = 0; i < record->count; i++) {
        frame_put_text(writer, record->fields[i].name);
        frame_put_text(writer, record->fields[i].value);
    }
}

static void put_done(struct frame_writer *writer, const struct control_done *done)
{
    frame_put_number(writer, done->status);
    frame_put_text(writer, done->text);
}

static bool is_status(uint64_t status)
{
    return status == 0 || status == 1 || status == 64 || status == 78;
}

static const char *misfit_of_request(const struct control_request *request)
{
    if (!item_is_word(request->verb))
        return "a request's verb is no word";
    if (request->count > CONTROL_MAX_ARGUMENTS)
        return "a request has more arguments than its limit";
    for (size_t i = 0; i < request->count; i++) {
        if (strnlen(request->arguments[i], CONTROL_MAX_TEXT + 1) > CONTROL_MAX_TEXT)
            return "an argument is longer than its limit";
    }
    return NULL;
}

static const char *misfit_of_record(const struct control_record *record)
{
    if (!item_is_word(record->name))
        return "a record's name is no word";
    if (record->count > CONTROL_MAX_FIELDS)
        return "a record has more fields than its limit";
    for (size_t i = 0; i < record->count; i++) {
        const char *value = record->fields[i].value;

        if (!item_is_word(record->fields[i].name))
            return "a field's name is no word";
        if (value != NULL && strnlen(value, CONTROL_MAX_TEXT + 1) > CONTROL_MAX_TEXT)
            return "a field is longer than its limit";
    }
    return NULL;
}

static const char *misfit_of_done(const struct control_done *done)
{
    if (!is_status(done->status))
        return "an end has a status that is none";
    return strnlen(done->text, CONTROL_MAX_TEXT + 1) > CONTROL_MAX_TEXT ? "an end's sentence is longer than its limit"
                                                                        : NULL;
}

/* What the message breaks of the limits, NULL where it breaks none. Writer and reader ask the same. */
static const char *misfit_of(const struct control_message *message)
{
    switch (message->type) {
    case CONTROL_REQUEST: return misfit_of_request(&message->request);
    case CONTROL_RECORD: return misfit_of_record(&message->record);
    case CONTROL_DONE: return misfit_of_done(&message->done);
    }
    return "its type is unknown";
}

bool control_write(struct str *out, const struct control_message *message, struct err *err)
{
    const char *misfit = misfit_of(message);
    struct frame_writer writer;

    if (misfit != NULL)
        return err_set(err, ERR_PROTOCOL, "control socket: %s", misfit);
    frame_begin(&writer, out, (uint8_t)message->type);
    switch (message->type) {
    case CONTROL_REQUEST: put_request(&writer, &message->request); break;
    case CONTROL_RECORD: put_record(&writer, &message->record); break;
    case CONTROL_DONE: put_done(&writer, &message->done); break;
    }
    return frame_end(&writer, err) || err_add(err, "control socket");
}

/* A count of what follows, so that the array for it is never larger than the frame could fill. */
static size_t get_count(struct frame_reader *reader, size_t max, const char *excess)
{
    uint64_t count = frame_get_number(reader);

    if (count <= max)
        return (size_t)count;
    frame_misfit(reader, excess);
    return 0;
}

static void get_request(struct frame_reader *reader, struct arena *arena, struct control_request *request)
{
    const char **arguments;

    request->verb = frame_get_text(reader, CONTROL_MAX_NAME);
    request->count = get_count(reader, CONTROL_MAX_ARGUMENTS, "a request has more arguments than its limit");
    arguments = arena_alloc(arena, request->count * sizeof *arguments);
    for (size_t i = 0; i < request->count; i++)
        arguments[i] = frame_get_text(reader, CONTROL_MAX_TEXT);
    request->arguments = arguments;
}

static void get_record(struct frame_reader *reader, struct arena *arena, struct control_record *record)
{
    struct control_field *fields;

    record->name = frame_get_text(reader, CONTROL_MAX_NAME);
    record->count = get_count(reader, CONTROL_MAX_FIELDS, "a record has more fields than its limit");
    fields = arena_alloc(arena, record->count * sizeof *fields);
    for (size_t i = 0; i < record->count; i++) {
        fields[i].name = frame_get_text(reader, CONTROL_MAX_NAME);
        fields[i].value = frame_get_maybe_text(reader, CONTROL_MAX_TEXT);
    }
    record->fields = fields;
}

static void get_done(struct frame_reader *reader, struct control_done *done)
{
    done->status = frame_get_number(reader);
    done->text = frame_get_text(reader, CONTROL_MAX_TEXT);
}

bool control_read(const struct frame *frame, struct arena *arena, struct control_message *message, struct err *err)
{
    struct frame_reader reader = frame_read(frame);
    const char *misfit;

    *message = (struct control_message){ .type = (enum control_type)frame->type };
    switch (message->type) {
    case CONTROL_REQUEST: get_request(&reader, arena, &message->request); break;
    case CONTROL_RECORD: get_record(&reader, arena, &message->record); break;
    case CONTROL_DONE: get_done(&reader, &message->done); break;
    default: frame_misfit(&reader, "its type is unknown"); break;
    }
    if (!frame_done(&reader, err))
        return err_add(err, "control socket: a message that cannot be understood");
    misfit = misfit_of(message);
    return misfit == NULL || err_set(err, ERR_PROTOCOL, "control socket: %s", misfit);
}

const char *control_field(const struct control_record *record, const char *name)
{
    for (size_t i = 0; i < record->count; i++) {
        if (strcmp(record->fields[i].name, name) == 0)
            return record->fields[i].value;
    }
    return NULL;
}
