/* Memory that is given back all at once: one arena per configuration, scan and report.
 *
 *     struct arena arena;
 *     arena_init(&arena, ARENA_PLAIN);
 *     char *name = arena_text(&arena, "vc01");
 *     arena_finish(&arena);
 *
 * Allocation never returns NULL (see mem.h). Memory is zeroed and aligned for any type. */
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stddef.h>

enum arena_kind {
    ARENA_PLAIN,
    ARENA_SECRET, /* every byte is wiped before it is given back */
};

struct arena_chunk;

struct arena {
    enum arena_kind kind;
    struct arena_chunk *chunk; /* the newest; older ones hang behind it */
    size_t total;              /* bytes handed out since the start or the last reset */
    size_t reserved;           /* bytes taken from the heap, handed out or not */
};

void arena_init(struct arena *arena, enum arena_kind kind);

/* Gives everything back. The arena may be used again as after arena_init. */
void arena_finish(struct arena *arena);

/* Forgets everything but keeps one chunk, so that a loop over items allocates only once. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t size);

/* size bytes copied, followed by a NUL that is not counted. */
void *arena_bytes(struct arena *arena, const void *bytes, size_t size);

char *arena_text(struct arena *arena, const char *text);

char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vformat(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
