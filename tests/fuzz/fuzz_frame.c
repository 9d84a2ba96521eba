/* Any bytes, in pieces of any size, through the frame decoder and each body through the reading of every message: what
 * is understood is written again as the same bytes. The first byte of the input says how it is cut. */
#include "message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_again(const struct frame *frame, const struct message *message)
{
    struct str again = STR_EMPTY;

    expect(message_write(&again, message, NULL));
    expect(again.length == FRAME_HEADER + frame->size);
    expect((uint8_t)again.bytes[FRAME_HEADER - 1] == frame->type);
    expect(memcmp(again.bytes + FRAME_HEADER, frame->body, frame->size) == 0);
    str_finish(&again);
}

static void read_as(struct frame frame, uint8_t type)
{
    struct message message;
    struct arena arena;
    struct err err = ERR_EMPTY;

    frame.type = type;
    arena_init(&arena, ARENA_PLAIN);
    if (message_read(&frame, &arena, &message, &err))
        check_again(&frame, &message);
    else
        expect(err.class == ERR_PROTOCOL && err.text[0] != '\0');
    arena_finish(&arena);
}

static bool take_frames(struct frame_decoder *decoder)
{
    enum frame_status status;
    struct frame frame;
    struct err err = ERR_EMPTY;

    while ((status = frame_next(decoder, &frame, &err)) == FRAME_READY) {
        expect(frame.size <= FRAME_MAX - FRAME_HEADER);
        read_as(frame, frame.type);
        for (uint8_t type = 0; type <= MESSAGE_TYPE_COUNT; type++)
            read_as(frame, type);
    }
    expect(status == FRAME_MORE || err.text[0] != '\0');
    return status == FRAME_MORE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    size_t piece = size == 0 ? 1 : data[0] + 1U;

    for (size_t at = 1; at < size; at += piece) {
        frame_feed(&decoder, data + at, size - at < piece ? size - at : piece);
        if (!take_frames(&decoder))
            break;
    }
    frame_decoder_finish(&decoder);
    return 0;
}
