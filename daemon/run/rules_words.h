/* Texts, lists of words and time zones of the configuration, copied for who outlives it. */
#ifndef RULES_WORDS_H
#define RULES_WORDS_H

#include "arena.h"
#include "config.h"
#include "word_list.h"

static inline struct word_list rules_words(struct arena *arena, const struct config_words *from)
{
    const char **words = arena_alloc(arena, from->count * sizeof *words);

    for (size_t i = 0; i < from->count; i++)
        words[i] = arena_text(arena, from->words[i]);
    return (struct word_list){ words, from->count };
}

static inline const char *rules_text(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_text(arena, text);
}

/* The bytes were understood when the configuration was read; what they say is made anew, where it can stay. */
static inline const struct zone *rules_zone(struct arena *arena, const struct config_zone *from)
{
    const struct zone *zone = NULL;

    if (from->bytes != NULL)
        zone = zone_read(from->bytes, from->size, arena, NULL);
    return zone == NULL ? zone_utc : zone;
}

#endif
