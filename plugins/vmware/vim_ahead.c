#include "vim_ahead.h"

#include "conduit.h"
#include "mem.h"
#include "vim_exchange.h"
#include "vim_scout.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How a reply ended. */
struct page {
    struct http_reply reply;
    bool good;
    struct err err;
    char next[VIM_MAX_REFERENCE + 1]; /* what the thread asks for after it; "": nothing */
};

struct vim_ahead {
    struct vim *vim;
    const struct vim_series *series;
    const struct vim_reading *reading;
    struct conduit *conduit;
    struct page pages[2]; /* in turn: the reader is one behind the thread at the most */
    pthread_t thread;
    bool runs, ran;

    /* The thread's while it runs. */
    struct str body;
    struct vim_scout scout;
    size_t requests;

    /* The reader's. */
    size_t read;                      /* replies of this thread */
    char next[VIM_MAX_REFERENCE + 1]; /* what the thread's next reply is to; "": it has no more */
};

/* ------------------------------------------------------------------------------------------------- the thread ---- */

static bool take(void *context, const char *bytes, size_t size, struct err *err)
{
    struct vim_ahead *ahead = context;

    vim_scout_feed(&ahead->scout, bytes, size);
    return conduit_write(ahead->conduit, bytes, size) || err_set(err, ERR_BUG, "the reply is not wanted any more");
}

static bool wanted(void *context, struct err *err)
{
    const struct vim_ahead *ahead = context;

    return !conduit_is_closed(ahead->conduit) || err_set(err, ERR_BUG, "the reply is not wanted any more");
}

static void write_request(struct vim_ahead *ahead, struct str *body, const char *next)
{
    str_clear(body);
    vim_request_open(body, ahead->series->method, "PropertyCollector", ahead->vim->collector);
    ahead->series->arguments(body, next, ahead->reading->page);
    vim_request_close(body, ahead->series->method);
}

/* True: another one is to be asked for. */
static bool receive(struct vim_ahead *ahead, struct page *page)
{
    const struct http_sink sink = { .take = take, .context = ahead, .wanted = wanted };
    const char *next;

    ahead->requests++;
    vim_scout_begin(&ahead->scout);
    page->good = vim_send(ahead->vim, &ahead->body, &sink, &page->reply, &page->err);
    next = page->good ? vim_scout_next(&ahead->scout) : NULL;
    snprintf(page->next, sizeof page->next, "%s", next != NULL ? next : "");
    return conduit_end(ahead->conduit) && next != NULL;
}

static void *receive_all(void *context)
{
    struct vim_ahead *ahead = context;
    size_t count = 0;

    while (receive(ahead, &ahead->pages[count % 2])) {
        write_request(ahead, &ahead->body, ahead->pages[count % 2].next);
        count++;
    }
    return NULL;
}

/* -------------------------------------------------------------------------------------------------- the reader ---- */

struct vim_ahead *vim_ahead_create(struct vim *vim, const struct vim_series *series, const struct vim_reading *reading)
{
    struct vim_ahead *ahead = mem_new(1, sizeof *ahead);

    ahead->vim = vim;
    ahead->series = series;
    ahead->reading = reading;
    return ahead;
}

const char *vim_ahead_stop(struct vim_ahead *ahead)
{
    if (ahead->runs) {
        conduit_close(ahead->conduit);
        pthread_join(ahead->thread, NULL);
        ahead->vim->requests += ahead->requests;
        ahead->runs = false;
    }
    return ahead->ran && ahead->scout.next[0] != '\0' ? ahead->scout.next : NULL;
}

void vim_ahead_destroy(struct vim_ahead *ahead)
{
    if (ahead == NULL)
        return;
    vim_ahead_stop(ahead);
    vim_scout_finish(&ahead->scout);
    conduit_destroy(ahead->conduit);
    str_finish(&ahead->body);
    free(ahead);
}

/* A thread whose first request names next, in place of the one that there was. */
static bool start(struct vim_ahead *ahead, const char *next)
{
    vim_ahead_stop(ahead);
    conduit_destroy(ahead->conduit);
    ahead->conduit = conduit_create(VIM_AHEAD_BYTES);
    ahead->requests = ahead->read = 0;
    write_request(ahead, &ahead->body, next);
    ahead->runs = pthread_create(&ahead->thread, NULL, receive_all, ahead) == 0;
    ahead->ran = ahead->ran || ahead->runs;
    return ahead->runs;
}

/* What is said of the connection, and what goes on. */
static bool end_reply(struct vim_ahead *ahead, struct err *err)
{
    const struct page *page = &ahead->pages[ahead->read++ % 2];
    const bool good = page->good;

    ahead->vim->connection = page->reply;
    snprintf(ahead->next, sizeof ahead->next, "%s", page->next);
    if (!good)
        *err = page->err;
    conduit_next(ahead->conduit);
    return good;
}

/* The reply's head came before its bytes, but is only ours when the thread has ended. */
static bool give_up(struct vim_ahead *ahead, struct err *err)
{
    vim_ahead_stop(ahead);
    ahead->vim->connection = ahead->pages[ahead->read % 2].reply;
    return vim_of_reply(ahead->vim, err);
}

static bool read_reply(struct vim_ahead *ahead, struct err *err)
{
    const char *bytes;
    size_t size;

    while ((size = conduit_read(ahead->conduit, &bytes)) > 0)
        if (!vim_reader_feed(ahead->vim->reader, bytes, size, err))
            return give_up(ahead, err);
    return end_reply(ahead, err);
}

/* Where no thread can be started. */
static bool ask_plainly(struct vim_ahead *ahead, const char *next, const struct vim_reply **reply, struct err *err)
{
    struct str *body = vim_begin(ahead->vim, ahead->series->method, "PropertyCollector", ahead->vim->collector);

    ahead->series->arguments(body, next, ahead->reading->page);
    return vim_exchange(ahead->vim, &ahead->reading->taker, ahead->reading->keep, reply, err);
}

bool vim_ahead_exchange(struct vim_ahead *ahead, const char *next, const struct vim_reply **reply, struct err *err)
{
    struct vim *vim = ahead->vim;

    if ((!ahead->runs || strcmp(ahead->next, next) != 0) && !start(ahead, next))
        return ask_plainly(ahead, next, reply, err);
    vim->method = ahead->series->method;
    vim_expect(vim, &ahead->reading->taker, ahead->reading->keep);
    return vim_conclude(vim, read_reply(ahead, err), reply, err);
}
