/* Frames of a plugin host: what they make of its greeting is whole and fits a table that makes sense, or refused with a
 * sentence. */
#include "greeting.h"
#include "utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static void check(const struct greeting *greeting)
{
    expect(greeting->options.count <= greeting->announced && greeting->announced <= OPTION_MAX_COUNT);
    expect(utf8_valid(greeting->name, strlen(greeting->name)));
    if (!greeting_is_whole(greeting))
        return;
    expect(greeting->table.count == greeting->announced);
    expect(option_table_check(&greeting->table, NULL));
}

/* False: it is of no more use. */
static bool take(struct greeting *greeting, const struct frame *frame)
{
    struct message message;
    struct arena arena;
    struct err err = ERR_EMPTY;
    bool good = false;

    arena_init(&arena, ARENA_PLAIN);
    if (message_read(frame, &arena, &message, NULL) &&
        (message.type == MESSAGE_HELLO || message.type == MESSAGE_OPTION)) {
        good = greeting_take(greeting, &message, &err);
        expect(good || (err.class == ERR_BUG && err.text[0] != '\0'));
    }
    arena_finish(&arena);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct greeting greeting, moved;
    struct frame frame;

    greeting_init(&greeting);
    greeting_init(&moved);
    frame_feed(&decoder, data, size);
    while (frame_next(&decoder, &frame, NULL) == FRAME_READY && take(&greeting, &frame))
        check(&greeting);
    /* What was said is a copy. */
    frame_decoder_finish(&decoder);
    greeting_move(&moved, &greeting);
    expect(utf8_valid(moved.name, strlen(moved.name)));
    greeting_finish(&moved);
    greeting_finish(&greeting);
    return 0;
}
