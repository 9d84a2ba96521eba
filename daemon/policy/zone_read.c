/* A zone's file, from its bytes. */
#include "zone_parts.h"

#include <inttypes.h>
#include <string.h>

#define HEADER_SIZE 44
#define TYPE_SIZE 6
#define MAX_TIME (INT64_C(1) << 60) /* further away than anything that is compared with it */

/* One of the blocks of data: how many of each, and where. */
struct block {
    uint32_t ut_count, std_count, leap_count, time_count, type_count, char_count;
    size_t time_size; /* bytes of a time: 4, or 8 from version 2 on */
    const unsigned char *data;
    size_t size;
};

/* What is left of the file. */
struct cursor {
    const unsigned char *at;
    size_t left;
};

static bool fault(struct err *err, const char *what)
{
    err_set(err, ERR_CONFIG, "%s; install the system's tzdata anew", what);
    return false;
}

static uint32_t big_32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t big_time(const unsigned char *at, size_t size)
{
    if (size == 4)
        return (int32_t)big_32(at);
    return (int64_t)((uint64_t)big_32(at) << 32 | big_32(at + 4));
}

static const unsigned char *take(struct cursor *cursor, size_t size)
{
    const unsigned char *at = cursor->at;

    if (size > cursor->left)
        return NULL;
    cursor->at += size;
    cursor->left -= size;
    return at;
}

/* Six counts of 32 bits cannot make a sum that wraps. */
static uint64_t size_of(const struct block *block)
{
    return (uint64_t)block->time_count * (block->time_size + 1) + (uint64_t)block->type_count * TYPE_SIZE +
           block->char_count + (uint64_t)block->leap_count * (block->time_size + 4) + block->std_count +
           block->ut_count;
}

static bool take_block(struct cursor *cursor, bool wide, struct block *block, char *version, struct err *err)
{
    const unsigned char *header = take(cursor, HEADER_SIZE);
    uint64_t size;

    if (header == NULL || memcmp(header, "TZif", 4) != 0)
        return fault(err, "it is no file of a time zone (TZif)");
    *version = (char)header[4];
    *block = (struct block){
        .ut_count = big_32(header + 20),
        .std_count = big_32(header + 24),
        .leap_count = big_32(header + 28),
        .time_count = big_32(header + 32),
        .type_count = big_32(header + 36),
        .char_count = big_32(header + 40),
        .time_size = wide ? 8 : 4,
    };
    size = size_of(block);
    if (size > cursor->left)
        return fault(err, "the file is cut off");
    block->size = (size_t)size;
    block->data = take(cursor, block->size);
    return block->data != NULL;
}

static bool read_offset(const struct block *block, size_t type, int32_t *offset, struct err *err)
{
    const unsigned char *types = block->data + (size_t)block->time_count * (block->time_size + 1);

    if (type >= block->type_count)
        return fault(err, "a change of its clocks is to something that is not there");
    *offset = (int32_t)big_32(types + type * TYPE_SIZE);
    if (*offset > -ZONE_MAX_OFFSET && *offset < ZONE_MAX_OFFSET)
        return true;
    return fault(err, "its clocks are more than a day away from UTC");
}

static bool read_changes(const struct block *block, struct arena *arena, struct zone *zone, struct err *err)
{
    const unsigned char *times = block->data, *types = block->data + (size_t)block->time_count * block->time_size;
    struct zone_change *changes = arena_alloc(arena, block->time_count * sizeof *changes);

    for (size_t i = 0; i < block->time_count; i++) {
        changes[i].at = big_time(times + i * block->time_size, block->time_size);
        if (changes[i].at < -MAX_TIME || changes[i].at > MAX_TIME || (i > 0 && changes[i].at <= changes[i - 1].at))
            return fault(err, "the changes of its clocks are not in the order of time");
        if (!read_offset(block, types[i], &changes[i].offset, err))
            return false;
    }
    zone->changes = changes;
    zone->count = block->time_count;
    return true;
}

static bool read_block(const struct block *block, struct arena *arena, struct zone *zone, struct err *err)
{
    if (block->type_count == 0)
        return fault(err, "it does not say what clocks show");
    if (block->leap_count > 0)
        return err_set(err, ERR_CONFIG,
                       "its clocks count leap seconds, and those of this system do not; name the zone "
                       "without \"right/\"");
    return read_offset(block, 0, &zone->first, err) && read_changes(block, arena, zone, err);
}

static bool read_footer(struct cursor *cursor, struct zone *zone, struct err *err)
{
    const char *text = (const char *)cursor->at, *end;

    if (cursor->left < 2 || text[0] != '\n' || (end = memchr(text + 1, '\n', cursor->left - 1)) == NULL)
        return fault(err, "its last line is missing");
    zone->has_rule = end > text + 1;
    return !zone->has_rule || zone_rule_read(text + 1, (size_t)(end - text) - 1, &zone->rule, err);
}

const struct zone *zone_read(const void *bytes, size_t size, struct arena *arena, struct err *err)
{
    struct cursor cursor = { bytes, size };
    struct zone *zone = arena_alloc(arena, sizeof *zone);
    struct block block;
    char version, again;

    if (size > ZONE_MAX_BYTES) {
        err_set(err, ERR_CONFIG, "the file has more than %zu KiB, which no time zone needs", ZONE_MAX_BYTES >> 10);
        return NULL;
    }
    if (!take_block(&cursor, false, &block, &version, err))
        return NULL;
    if (version == '\0')
        return read_block(&block, arena, zone, err) ? zone : NULL;
    if (!take_block(&cursor, true, &block, &again, err) || !read_block(&block, arena, zone, err) ||
        !read_footer(&cursor, zone, err))
        return NULL;
    return zone;
}
