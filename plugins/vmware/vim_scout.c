#include "vim_scout.h"

#include <stdio.h>
#include <string.h>

#define SLICE 512 /* bytes between looks */

/* What is sought stands before the first object. */
static bool stop(void *context, const struct vim_object *object, struct err *err)
{
    (void)context, (void)object;
    return err_set(err, ERR_PROTOCOL, "enough");
}

static bool nothing(const char *name, const char *type)
{
    (void)name, (void)type;
    return false;
}

void vim_scout_begin(struct vim_scout *scout)
{
    const struct vim_taker taker = { .take = stop };

    vim_scout_finish(scout);
    scout->next[0] = '\0';
    scout->updates = false;
    scout->tail_size = 0;
    scout->reader = vim_reader_create(&taker, nothing);
}

void vim_scout_finish(struct vim_scout *scout)
{
    vim_reader_destroy(scout->reader);
    scout->reader = NULL;
}

/* Whether it is to be looked on. */
static bool look(struct vim_scout *scout, const char *bytes, size_t size)
{
    const struct vim_reply *reply = vim_reader_reply(scout->reader);
    struct err err;
    bool good = vim_reader_feed(scout->reader, bytes, size, &err);
    const char *next = reply->token != NULL ? reply->token : reply->version;

    if (next == NULL)
        return good;
    snprintf(scout->next, sizeof scout->next, "%s", next);
    scout->updates = reply->token == NULL;
    return false;
}

static void look_at_beginning(struct vim_scout *scout, const char *bytes, size_t size)
{
    while (size > 0) {
        const size_t part = size < SLICE ? size : SLICE;

        if (!look(scout, bytes, part)) {
            vim_scout_finish(scout);
            return;
        }
        bytes += part;
        size -= part;
    }
}

static void remember_tail(struct vim_scout *scout, const char *bytes, size_t size)
{
    size_t kept;

    if (size > VIM_SCOUT_TAIL) {
        bytes += size - VIM_SCOUT_TAIL;
        size = VIM_SCOUT_TAIL;
    }
    kept = VIM_SCOUT_TAIL - size < scout->tail_size ? VIM_SCOUT_TAIL - size : scout->tail_size;
    memmove(scout->tail, scout->tail + scout->tail_size - kept, kept);
    memcpy(scout->tail + kept, bytes, size);
    scout->tail_size = kept + size;
}

void vim_scout_feed(struct vim_scout *scout, const char *bytes, size_t size)
{
    if (scout->reader != NULL)
        look_at_beginning(scout, bytes, size);
    remember_tail(scout, bytes, size);
}

/* Whatever its namespace's prefix. */
static bool is_truncated(const struct vim_scout *scout)
{
    static const char *const words[] = { "truncated>true<", "truncated>1<" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (memmem(scout->tail, scout->tail_size, words[i], strlen(words[i])) != NULL)
            return true;
    return false;
}

const char *vim_scout_next(const struct vim_scout *scout)
{
    if (scout->next[0] == '\0' || (scout->updates && !is_truncated(scout)))
        return NULL;
    return scout->next;
}
