/* Keeps sessions from scan to scan, and says in the log which it was given and which it gave back, for whom and with
 * what word. The file orders tells it what to do, and the test may write another between two runs: what a scan does,
 * the number of the session that it keeps (0: none), and what a release does. */
#include "muster_plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct orders {
    char scan[16], session[16], release[16];
};

static struct orders read_orders(struct muster *m)
{
    struct orders orders = { "well", "0", "well" };
    FILE *file = fopen(muster_fmt(m, "%s/orders", muster_path(m, "folder")), "r");

    if (file == NULL || fscanf(file, "%15s %15s %15s", orders.scan, orders.session, orders.release) != 3)
        muster_log(m, MUSTER_ERROR, "the orders cannot be read");
    if (file != NULL)
        fclose(file);
    return orders;
}

static void hang(struct muster *m)
{
    while (muster_left_ms(m) >= 0)
        pause();
}

static const char *given(struct muster *m)
{
    const char *token = muster_token(m, NULL);

    return token == NULL ? "nothing" : token;
}

/* A delta that has one record twice, each with something else. */
static void emit_again(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "host");

    muster_set(item, "note", "again");
    muster_emit(item);
    muster_gone(m, "machine", "other");
    muster_end(m, MUSTER_DELTA);
}

static int scan(struct muster *m)
{
    const struct orders orders = read_orders(m);
    const char *fresh = muster_fmt(m, "session-%s", orders.session);

    muster_log(m, MUSTER_INFO, "given %s", given(m));
    muster_emit(muster_item(m, "machine", "host"));
    if (strcmp(orders.session, "0") != 0)
        muster_keep_token(m, fresh, strlen(fresh) + 1);
    muster_log(m, MUSTER_INFO, "kept %s", fresh);
    if (strcmp(orders.scan, "hang") == 0)
        hang(m);
    if (strcmp(orders.scan, "twice") == 0)
        emit_again(m);
    if (strcmp(orders.scan, "die") == 0)
        abort();
    if (strcmp(orders.scan, "fail") == 0)
        return muster_fail(m, MUSTER_UNREACHABLE, "it was told to fail");
    return 0;
}

static int release(struct muster *m)
{
    const struct orders orders = read_orders(m);

    muster_log(m, MUSTER_INFO, "gave back %s of %s with %s", given(m), muster_text(m, "who"),
               muster_is_set(m, "password") ? muster_secret(m, "password", NULL) : "no word");
    if (strcmp(orders.release, "hang") == 0)
        hang(m);
    if (strcmp(orders.release, "die") == 0)
        abort();
    if (strcmp(orders.release, "deny") == 0)
        return muster_fail(m, MUSTER_DENIED, "nobody knows it here");
    return 0;
}

static const struct muster_option options[] = {
    { .name = "folder", .type = MUSTER_PATH, .required = 1, .help = "where it is told what to do" },
    { .name = "who", .type = MUSTER_TEXT, .fallback = "anybody", .help = "whose it is" },
    { .name = "username", .type = MUSTER_TEXT, .help = "who logs in" },
    { .name = "password", .type = MUSTER_SECRET, .help = "its word" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "session", .version = "1", .summary = "keeps sessions", .options = options, .kinds = kinds,
              .scan = scan, .release = release);
