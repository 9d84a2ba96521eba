#include "arena.h"

#include "mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CHUNK ((size_t)1024)
#define LARGEST_CHUNK ((size_t)65536)
#define LARGEST_KEPT ((size_t)262144)

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

void arena_init(struct arena *arena, enum arena_kind kind)
{
    *arena = (struct arena){ .kind = kind };
}

static void wipe(const struct arena *arena, struct arena_chunk *chunk)
{
    if (arena->kind == ARENA_SECRET)
        explicit_bzero(chunk->bytes, chunk->used);
}

static void drop_chunk(struct arena *arena, struct arena_chunk *chunk)
{
    wipe(arena, chunk);
    arena->reserved -= sizeof *chunk + chunk->size;
    free(chunk);
}

void arena_finish(struct arena *arena)
{
    while (arena->chunk != NULL) {
        struct arena_chunk *chunk = arena->chunk;
        arena->chunk = chunk->older;
        drop_chunk(arena, chunk);
    }
    arena->total = 0;
}

void arena_reset(struct arena *arena)
{
    struct arena_chunk *kept = arena->chunk;

    arena->total = 0;
    if (kept == NULL)
        return;
    arena->chunk = kept->older;
    arena_finish(arena);
    /* A chunk made for one huge value is not worth keeping for the next thousand small ones. */
    if (kept->size > LARGEST_KEPT) {
        drop_chunk(arena, kept);
        return;
    }
    wipe(arena, kept);
    kept->used = 0;
    kept->older = NULL;
    arena->chunk = kept;
}

static void add_chunk(struct arena *arena, size_t wanted)
{
    size_t size = arena->chunk == NULL ? FIRST_CHUNK : arena->chunk->size * 2;
    struct arena_chunk *chunk;

    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < wanted)
        size = wanted;
    chunk = malloc(sizeof *chunk + size);
    if (chunk == NULL)
        mem_exhausted(size);
    chunk->older = arena->chunk;
    chunk->size = size;
    chunk->used = 0;
    arena->chunk = chunk;
    arena->reserved += sizeof *chunk + size;
}

static void *take(struct arena *arena, size_t size)
{
    size_t align = alignof(max_align_t);
    struct arena_chunk *chunk = arena->chunk;
    void *memory;

    if (size > SIZE_MAX / 2)
        mem_exhausted(size);
    size = (size + align - 1) / align * align;
    if (chunk == NULL || chunk->size - chunk->used < size) {
        add_chunk(arena, size);
        chunk = arena->chunk;
    }
    memory = chunk->bytes + chunk->used;
    chunk->used += size;
    arena->total += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return memset(take(arena, size), 0, size);
}

void *arena_bytes(struct arena *arena, const void *bytes, size_t size)
{
    unsigned char *copy = take(arena, size + 1);

    if (size > 0)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return arena_bytes(arena, text, strlen(text));
}

char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length < 0)
        length = 0;
    text = take(arena, (size_t)length + 1);
    text[0] = '\0';
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vformat(arena, format, args);
    va_end(args);
    return text;
}
