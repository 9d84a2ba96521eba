/* Is refused its credential, sends a record all the same, and ends in the way of the option end. */
#include "muster_plugin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int end_as_told(struct muster *m, const char *end)
{
    if (strcmp(end, "delta") == 0) {
        muster_gone(m, "machine", "other");
        muster_end(m, MUSTER_DELTA);
    }
    if (strcmp(end, "hang") == 0) {
        muster_log(m, MUSTER_INFO, "it hangs");
        for (;;)
            pause();
    }
    if (strcmp(end, "crash") == 0)
        abort();
    if (strcmp(end, "fail") == 0)
        return muster_fail(m, MUSTER_TIMEOUT, "and then nothing came");
    return 0;
}

static int scan(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "host");

    muster_set(item, "note", muster_token(m, NULL) == NULL ? "whole" : "given a token");
    if (!muster_bool(m, "well")) {
        muster_refused(m, "login failed for caf\xE9 '%s'", "sa%s");
        muster_refused(m, "a second time");
        muster_keep_token(m, "cursor", 6);
    }
    muster_emit(item);
    return muster_bool(m, "well") ? 0 : end_as_told(m, muster_choice(m, "end"));
}

static int doctor(struct muster *m)
{
    muster_step(m, "route", MUSTER_STEP_OK, "it answers", NULL);
    muster_refused(m, "login failed");
    muster_step(m, "login", MUSTER_STEP_SKIPPED, NULL, NULL);
    return 0;
}

static const char *const ends[] = { "complete", "delta", "crash", "fail", "hang", NULL };
static const struct muster_option options[] = {
    { .name = "well", .type = MUSTER_BOOL, .help = "do as one should" },
    { .name = "end", .type = MUSTER_CHOICE, .choices = ends, .fallback = "complete", .help = "how it ends" },
    { 0 },
};
static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "refused", .version = "1", .summary = "is refused its credential", .options = options,
              .kinds = kinds, .scan = scan, .doctor = doctor);
