#include "frame.h"

#include "unit.h"
#include "utf8.h"

#include <endian.h>
#include <string.h>

#define LENGTH_SIZE 4U

static void encode(uint8_t *bytes, uint64_t number, size_t size)
{
    number = htole64(number);
    memcpy(bytes, &number, size);
}

static uint64_t decode(const uint8_t *bytes, size_t size)
{
    uint64_t number = 0;

    memcpy(&number, bytes, size);
    return le64toh(number);
}

void frame_begin(struct frame_writer *writer, struct str *out, uint8_t type)
{
    char header[FRAME_HEADER] = { [LENGTH_SIZE] = (char)type };

    *writer = (struct frame_writer){ .out = out, .start = out->length };
    str_add_bytes(out, header, sizeof header);
}

static void put_fixed(struct frame_writer *writer, char tag, uint64_t number)
{
    uint8_t *room = (uint8_t *)str_room(writer->out, 9);

    room[0] = (uint8_t)tag;
    encode(room + 1, number, 8);
    writer->out->length += 9;
}

void frame_put_number(struct frame_writer *writer, uint64_t number)
{
    put_fixed(writer, 'n', number);
}

void frame_put_int(struct frame_writer *writer, int64_t number)
{
    put_fixed(writer, 'i', (uint64_t)number);
}

/* A frame that is too large already takes no more: frame_end() refuses it, and nothing of the size of a hostile value
 * is copied meanwhile. */
static bool is_full(const struct frame_writer *writer)
{
    return writer->out->length - writer->start > FRAME_MAX;
}

static void put_run(struct frame_writer *writer, char tag, const void *bytes, size_t size, bool nul)
{
    size_t sent = size > FRAME_MAX ? FRAME_MAX : size;
    uint8_t *room;

    if (is_full(writer))
        return;
    room = (uint8_t *)str_room(writer->out, 1 + LENGTH_SIZE + sent + 1);
    room[0] = (uint8_t)tag;
    encode(room + 1, sent, LENGTH_SIZE);
    if (sent > 0)
        memcpy(room + 1 + LENGTH_SIZE, bytes, sent);
    room[1 + LENGTH_SIZE + sent] = '\0';
    writer->out->length += 1 + LENGTH_SIZE + sent + (nul ? 1 : 0);
}

void frame_put_text(struct frame_writer *writer, const char *text)
{
    if (text == NULL)
        str_add_char(writer->out, '0');
    else
        put_run(writer, 't', text, strnlen(text, FRAME_MAX + 1), true);
}

void frame_put_bytes(struct frame_writer *writer, const void *bytes, size_t size)
{
    put_run(writer, 'b', bytes, size, false);
}

bool frame_end(struct frame_writer *writer, struct err *err)
{
    struct str *out = writer->out;
    size_t size = out->length - writer->start;

    if (is_full(writer)) {
        out->length = writer->start;
        out->bytes[out->length] = '\0';
        return err_set(err, ERR_PROTOCOL, "a message of more than %u bytes cannot be sent", FRAME_MAX);
    }
    encode((uint8_t *)out->bytes + writer->start, size - LENGTH_SIZE, LENGTH_SIZE);
    out->bytes[out->length] = '\0';
    return true;
}

static void wipe(struct str *buffer)
{
    if (buffer->bytes != NULL)
        explicit_bzero(buffer->bytes, buffer->capacity);
    str_finish(buffer);
}

void frame_decoder_finish(struct frame_decoder *decoder)
{
    wipe(&decoder->buffer);
    decoder->consumed = 0;
}

/* Moves what is unread to the front, of a larger buffer where this one is too small. */
static void make_room(struct frame_decoder *decoder, size_t size)
{
    const char *unread = str_text(&decoder->buffer) + decoder->consumed;
    size_t pending = frame_pending(decoder);
    struct str larger = STR_EMPTY;

    if (size < decoder->buffer.capacity - decoder->buffer.length)
        return;
    if (size < decoder->buffer.capacity - pending) {
        memmove(decoder->buffer.bytes, unread, pending);
        decoder->buffer.length = pending;
    } else {
        str_room(&larger, pending + size);
        str_add_bytes(&larger, unread, pending);
        wipe(&decoder->buffer);
        decoder->buffer = larger;
    }
    decoder->consumed = 0;
}

void frame_feed(struct frame_decoder *decoder, const void *bytes, size_t size)
{
    make_room(decoder, size);
    str_add_bytes(&decoder->buffer, bytes, size);
}

enum frame_status frame_next(struct frame_decoder *decoder, struct frame *frame, struct err *err)
{
    const uint8_t *at = (const uint8_t *)str_text(&decoder->buffer) + decoder->consumed;
    size_t available = frame_pending(decoder);
    size_t length;

    if (available < LENGTH_SIZE)
        return FRAME_MORE;
    length = decode(at, LENGTH_SIZE);
    if (length < 1 || length > FRAME_MAX - LENGTH_SIZE) {
        err_set(err, ERR_PROTOCOL, "no frame of ours: it says it is %zu bytes long, where 1 to %u are possible", length,
                FRAME_MAX - LENGTH_SIZE);
        return FRAME_BAD;
    }
    if (available < LENGTH_SIZE + length)
        return FRAME_MORE;
    *frame = (struct frame){ .type = at[LENGTH_SIZE], .body = at + FRAME_HEADER, .size = length - 1 };
    decoder->consumed += LENGTH_SIZE + length;
    return FRAME_READY;
}

size_t frame_pending(const struct frame_decoder *decoder)
{
    return decoder->buffer.length - decoder->consumed;
}

struct frame_reader frame_read(const struct frame *frame)
{
    return (struct frame_reader){ .at = frame->body, .end = frame->body + frame->size };
}

void frame_misfit(struct frame_reader *reader, const char *what)
{
    if (reader->misfit == NULL)
        reader->misfit = what;
    reader->at = reader->end;
}

/* Takes a field's tag; false after a misfit. */
static bool take_tag(struct frame_reader *reader, char tag, const char *missing)
{
    if (reader->misfit != NULL)
        return false;
    if (reader->at == reader->end || *reader->at != (uint8_t)tag) {
        frame_misfit(reader, missing);
        return false;
    }
    reader->at++;
    return true;
}

static uint64_t get_fixed(struct frame_reader *reader, char tag, const char *missing)
{
    uint64_t number;

    if (!take_tag(reader, tag, missing))
        return 0;
    if (reader->end - reader->at < 8) {
        frame_misfit(reader, "a number is cut off");
        return 0;
    }
    number = decode(reader->at, 8);
    reader->at += 8;
    return number;
}

uint64_t frame_get_number(struct frame_reader *reader)
{
    return get_fixed(reader, 'n', "a number is missing");
}

int64_t frame_get_int(struct frame_reader *reader)
{
    return (int64_t)get_fixed(reader, 'i', "a signed number is missing");
}

static const uint8_t *get_run(struct frame_reader *reader, size_t max, size_t extra, size_t *size)
{
    const uint8_t *run;

    *size = 0;
    if ((size_t)(reader->end - reader->at) < LENGTH_SIZE) {
        frame_misfit(reader, "a length is cut off");
        return NULL;
    }
    *size = decode(reader->at, LENGTH_SIZE);
    run = reader->at + LENGTH_SIZE;
    if (*size > max || (size_t)(reader->end - run) < *size + extra) {
        frame_misfit(reader, *size > max ? "a value is longer than its limit" : "a value is cut off");
        *size = 0;
        return NULL;
    }
    reader->at = run + *size + extra;
    return run;
}

const char *frame_get_text(struct frame_reader *reader, size_t max)
{
    size_t size;
    const char *text;

    if (!take_tag(reader, 't', "a text is missing"))
        return "";
    text = (const char *)get_run(reader, max, 1, &size);
    if (text == NULL)
        return "";
    if (text[size] != '\0' || !utf8_valid(text, size)) {
        frame_misfit(reader, "a text is not valid UTF-8");
        return "";
    }
    return text;
}

const char *frame_get_maybe_text(struct frame_reader *reader, size_t max)
{
    if (reader->misfit == NULL && reader->at < reader->end && *reader->at == '0') {
        reader->at++;
        return NULL;
    }
    return frame_get_text(reader, max);
}

const void *frame_get_bytes(struct frame_reader *reader, size_t max, size_t *size)
{
    *size = 0;
    if (!take_tag(reader, 'b', "bytes are missing"))
        return NULL;
    return get_run(reader, max, 0, size);
}

bool frame_done(const struct frame_reader *reader, struct err *err)
{
    char bytes[COUNT_TEXT_SIZE];

    if (reader->misfit != NULL)
        return err_set(err, ERR_PROTOCOL, "%s", reader->misfit);
    if (reader->at != reader->end)
        return err_set(err, ERR_PROTOCOL, "it has %s too many",
                       count_text((size_t)(reader->end - reader->at), "byte", bytes));
    return true;
}
