/* Bytes as calls of an item's setters: a call that is refused changes nothing, and what they make goes through a frame
 * and comes out with the same hash, in whatever order it was set. */
#include "message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the input. */
struct input {
    const uint8_t *at;
    size_t left;
};

static void expect(bool truth)
{
    if (!truth)
        abort();
}

static uint8_t take_byte(struct input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

/* A text up to the next NUL, or one of those that come often; sometimes one that is as long as it can be. */
static const char *take_text(struct input *input, struct arena *arena)
{
    static const char *const usual[] = { "vm", "os.name", "disk.0.path", "os.", "runs_on", "id.fqdn", "", "4217" };
    uint8_t choice = take_byte(input);
    size_t size = strnlen((const char *)input->at, input->left);
    char *text;

    if (choice < 128)
        return usual[choice % 8];
    if (choice >= 250) {
        size = (size_t)take_byte(input) * 400;
        text = arena_alloc(arena, size + 1);
        memset(text, 'x', size);
        return text;
    }
    text = arena_bytes(arena, input->at, size);
    input->at += size;
    input->left -= size;
    take_byte(input);
    return text;
}

static bool set_list(struct input *input, struct item *item, const char *name)
{
    const char *texts[16];
    uint8_t count = take_byte(input) % 16;

    for (uint8_t i = 0; i < count; i++)
        texts[i] = take_text(input, item->arena);
    return item_set_list(item, name, texts, count, NULL);
}

static bool add_link(struct input *input, struct item *item)
{
    uint8_t given = take_byte(input);
    struct link link = { .relation = take_text(input, item->arena), .kind = take_text(input, item->arena) };

    if (given & 1)
        link.key = take_text(input, item->arena);
    if (given & 2)
        link.attribute = take_text(input, item->arena);
    if (given & 4)
        link.value = take_text(input, item->arena);
    return item_link(item, &link, NULL);
}

static bool call(struct input *input, struct item *item)
{
    uint8_t setter = take_byte(input) % 6;
    const char *name = setter == 4 ? NULL : take_text(input, item->arena);

    switch (setter) {
    case 0: return item_set_text(item, name, take_text(input, item->arena), NULL);
    case 1: return item_set_int(item, name, (int64_t)((uint64_t)take_byte(input) << 56), NULL);
    case 2: return item_set_bool(item, name, take_byte(input) & 1, NULL);
    case 3: return set_list(input, item, name);
    case 4: return add_link(input, item);
    default: return item_unread(item, name, take_text(input, item->arena), NULL);
    }
}

static void fill(struct input *input, struct item *item)
{
    while (input->left > 0) {
        struct item before = *item;
        bool good = call(input, item);

        expect(good || (item->bytes == before.bytes && item->attribute_count == before.attribute_count &&
                        item->link_count == before.link_count && item->unread_count == before.unread_count));
        expect(item->bytes <= ITEM_MAX_BYTES);
    }
}

static bool is_equal(struct hash128 a, struct hash128 b)
{
    return a.low == b.low && a.high == b.high;
}

/* The same item, set from its end to its start. */
static void check_reversed(const struct item *item, struct hash128 hash)
{
    struct item reversed;

    item_init(&reversed, item->arena, item->kind, item->key);
    for (size_t i = item->attribute_count; i-- > 0;)
        expect(item_set(&reversed, item->attributes[i].name, &item->attributes[i].value, NULL));
    for (size_t i = item->link_count; i-- > 0;)
        expect(item_link(&reversed, &item->links[i], NULL));
    for (size_t i = item->unread_count; i-- > 0;)
        expect(item_unread(&reversed, item->unread[i].prefix, item->unread[i].why, NULL));
    expect(is_equal(item_hash(&reversed), hash));
}

static void check_frame(struct item *item)
{
    struct frame_decoder decoder = FRAME_DECODER_EMPTY;
    struct str out = STR_EMPTY;
    struct message message;
    struct frame frame;
    bool good;

    expect(message_write_item(&out, item, NULL));
    frame_feed(&decoder, out.bytes, out.length);
    expect(frame_next(&decoder, &frame, NULL) == FRAME_READY);
    good = message_read(&frame, item->arena, &message, NULL);
    expect(good == item_check(item, NULL));
    if (good) {
        expect(message.item.bytes == item->bytes);
        expect(is_equal(item_hash(&message.item), item_hash(item)));
        check_reversed(item, item_hash(item));
    }
    frame_decoder_finish(&decoder);
    str_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    struct arena arena;
    struct item item;

    arena_init(&arena, ARENA_PLAIN);
    item_init(&item, &arena, take_text(&input, &arena), take_text(&input, &arena));
    fill(&input, &item);
    check_frame(&item);
    arena_finish(&arena);
    return 0;
}
