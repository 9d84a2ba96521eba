/* A plugin with an option of every type, which it sends back as it got them; of the secret only its size. */
#include "muster_plugin.h"

static int scan(struct muster *m)
{
    struct muster_item *item = muster_item(m, "machine", "options");
    const char *const *list;
    size_t count, size;

    muster_secret(m, "password", &size);
    list = muster_list(m, "hosts", &count);
    muster_set(item, "text", muster_text(m, "text"));
    muster_set_int(item, "int", muster_int(m, "int"));
    muster_set_bool(item, "bool", muster_bool(m, "bool"));
    muster_set_int(item, "secret.size", (int64_t)size);
    muster_set(item, "choice", muster_choice(m, "choice"));
    muster_set_int(item, "duration", muster_duration_ms(m, "duration"));
    muster_set_list(item, "hosts", list, count);
    muster_set(item, "path", muster_path(m, "path"));
    muster_set_bool(item, "path.set", muster_is_set(m, "path"));
    muster_emit(item);
    return 0;
}

static int doctor(struct muster *m)
{
    muster_step(m, "name", MUSTER_STEP_OK, "it resolves", NULL);
    if (muster_bool(m, "bool"))
        muster_step(m, "login", MUSTER_STEP_FAILED, "refused", "give the account the right to log in");
    return 0;
}

static int check(struct muster *m)
{
    if (muster_int(m, "int") == 13)
        return muster_fail(m, MUSTER_CONFIG, "thirteen is never right");
    return 0;
}

static const char *const choices[] = { "red", "green", NULL };

static const struct muster_option options[] = {
    { .name = "text", .type = MUSTER_TEXT, .help = "any text" },
    { .name = "int", .type = MUSTER_INT, .fallback = "7", .min = 1, .max = 100, .help = "a number" },
    { .name = "bool", .type = MUSTER_BOOL, .help = "a truth" },
    { .name = "password", .type = MUSTER_SECRET, .required = 1, .help = "a secret" },
    { .name = "choice", .type = MUSTER_CHOICE, .choices = choices, .fallback = "red", .help = "a colour" },
    { .name = "duration", .type = MUSTER_DURATION, .fallback = "30s", .min = 1000, .max = 60000, .help = "how long" },
    { .name = "hosts", .type = MUSTER_LIST, .help = "several" },
    { .name = "path", .type = MUSTER_PATH, .help = "a file" },
    { 0 },
};

static const char *const kinds[] = { "machine", NULL };

MUSTER_PLUGIN(.name = "options", .version = "1.0", .summary = "an option of every type", .options = options,
              .kinds = kinds, .check = check, .scan = scan, .doctor = doctor);
