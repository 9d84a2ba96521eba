/* Sentences of the judge, in which names from the fleet stand as text_quote shows them. They are set apart, so that a
 * reader sees where a name begins and ends. */
#include "page.h"
#include "text.h"

#include <string.h>

enum { MAX_NAMES = 40, MIN_NAME = 2 }; /* bytes: a single letter is more often a word */

struct names {
    char texts[MAX_NAMES][TEXT_QUOTE_SIZE];
    size_t lengths[MAX_NAMES];
    size_t count;
};

static void add_name(struct names *names, const char *name)
{
    if (name == NULL || names->count == MAX_NAMES)
        return;
    text_quote(names->texts[names->count], name);
    names->lengths[names->count] = strlen(names->texts[names->count]);
    if (names->lengths[names->count] >= MIN_NAME)
        names->count++;
}

static bool is_edge(char character)
{
    return character == '\0' || strchr(" ,:;()\"", character) != NULL;
}

/* A full stop may end a sentence, or be part of a longer name. */
static bool stands_alone(const char *sentence, const char *at, size_t length)
{
    return (at == sentence || is_edge(at[-1])) &&
           (is_edge(at[length]) || (at[length] == '.' && is_edge(at[length + 1])));
}

/* The longest name that stands here; 0: none does. */
static size_t name_at(const struct names *names, const char *sentence, const char *at)
{
    size_t longest = 0;

    for (size_t i = 0; i < names->count; i++) {
        if (names->lengths[i] > longest && strncmp(at, names->texts[i], names->lengths[i]) == 0 &&
            stands_alone(sentence, at, names->lengths[i]))
            longest = names->lengths[i];
    }
    return longest;
}

static void put_piece(struct page *page, const char *from, const char *to, bool name)
{
    struct str piece = STR_EMPTY;

    str_add_bytes(&piece, from, (size_t)(to - from));
    if (piece.length > 0)
        markup_put(&page->markup, name ? "<b class=\"name\">%s</b>" : "%s", str_text(&piece));
    str_finish(&piece);
}

void page_put_sentence(struct page *page, const char *sentence, const char *const *own, size_t count,
                       const struct query_texts *others)
{
    const char *from = sentence, *at = sentence;
    struct names names;

    if (sentence == NULL)
        return;
    names.count = 0;
    for (size_t i = 0; i < count; i++)
        add_name(&names, own[i]);
    for (size_t i = 0; i < others->count; i++)
        add_name(&names, others->texts[i]);
    while (*at != '\0') {
        size_t length = name_at(&names, sentence, at);

        if (length == 0) {
            at++;
            continue;
        }
        put_piece(page, from, at, false);
        put_piece(page, at, at + length, true);
        from = at += length;
    }
    put_piece(page, from, at, false);
}
