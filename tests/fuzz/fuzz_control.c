/* Any bytes, in pieces of any size, as what arrives on either end of the control socket: what is understood is written
 * again as the same bytes. The first byte of the input says how it is cut. */
#include "control.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check_again(const struct frame *frame, const struct control_message *message)
{
    struct str again = STR_EMPTY;

    expect(control_write(&again, message, NULL));
    expect(again.length == FRAME_HEADER + frame->size);
    expect(memcmp(again.bytes + FRAME_HEADER, frame->body, frame->size) == 0);
    str_finish(&again);
}

static void read_as(struct frame frame, uint8_t type)
{
    struct control_message message;
    struct arena arena;
    struct err err = ERR_EMPTY;

    frame.type = type;
    arena_init(&arena, ARENA_PLAIN);
    if (control_read(&frame, &arena, &message, &err))
        check_again(&frame, &message);
    else
        expect(err.class == ERR_PROTOCOL && err.text[0] != '\0');
    arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    size_t piece = size == 0 ? 1 : data[0] + 1U;
    struct frame frame;

    for (size_t at = 1; at < size; at += piece) {
        enum frame_status status;

        frame_feed(&decoder, data + at, size - at < piece ? size - at : piece);
        while ((status = frame_next(&decoder, &frame, NULL)) == FRAME_READY) {
            for (uint8_t type = 0; type <= CONTROL_DONE + 1; type++)
                read_as(frame, type);
        }
        if (status == FRAME_BAD)
            break;
    }
    frame_decoder_finish(&decoder);
    return 0;
}
