/* Lists of words of the configuration, copied for who outlives it. */
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

#endif
