#include "vcenter.h"

#include "clock.h"

#include <stdio.h>
#include <string.h>

#define MAX_REPLY (UINT64_C(4) << 30)

/* ---------------------------------------------------------------------------------------------------- time ---- */

/* Until the process is killed; the scan itself sees less of it, so that it can log out. */
static int64_t left_ms(void *context)
{
    const struct vcenter *vcenter = context;
    int64_t left = muster_left_ms(vcenter->m), goodbye;

    if (vcenter->goodbye_until_ms == 0)
        return left > vcenter->reserve_ms ? left - vcenter->reserve_ms : 0;
    goodbye = vcenter->goodbye_until_ms - clock_mono_ms(&clock_system);
    goodbye = goodbye < left ? goodbye : left;
    return goodbye > 0 ? goodbye : 0;
}

static void set_reserve(struct vcenter *vcenter)
{
    int64_t quarter = muster_left_ms(vcenter->m) / 4;

    vcenter->reserve_ms = quarter < VCENTER_GOODBYE_MS ? quarter : VCENTER_GOODBYE_MS;
}

/* -------------------------------------------------------------------------------------------------- options ---- */

static const char *path_or_null(struct muster *m, const char *name)
{
    return muster_is_set(m, name) ? muster_path(m, name) : NULL;
}

void vcenter_read(struct vcenter *vcenter, struct muster *m)
{
    *vcenter = (struct vcenter){
        .m = m,
        .http = {
            .url = muster_text(m, "url"),
            .ca_file = path_or_null(m, "ca_file"),
            .fingerprint = muster_text(m, "fingerprint"),
            .proxy = muster_text(m, "proxy"),
            .max_reply = MAX_REPLY,
            .left_ms = left_ms,
        },
        .username = muster_text(m, "username"),
        .password = muster_secret(m, "password", NULL),
        .page = (unsigned)muster_int(m, "page_size"),
        .incremental = muster_bool(m, "incremental"),
        .full_every_ms = muster_duration_ms(m, "full_every"),
    };
    vcenter->http.context = vcenter;
    vcenter->choice.include = muster_list(m, "include", &vcenter->choice.include_count);
    vcenter->choice.exclude = muster_list(m, "exclude", &vcenter->choice.exclude_count);
    set_reserve(vcenter);
}

bool vcenter_check(const struct vcenter *vcenter, struct err *err)
{
    if (vcenter->username[0] == '\0')
        return err_set(err, ERR_CONFIG, "username is empty");
    if (vcenter->password != NULL && vcenter->password[0] == '\0') /* refused anyhow, and counted as an attempt */
        return err_set(err, ERR_CONFIG, "the password is empty");
    return http_check(&vcenter->http, err) && choice_check(&vcenter->choice, err);
}

/* -------------------------------------------------------------------------------------------------- session ---- */

bool vcenter_open(struct vcenter *vcenter, struct err *err)
{
    vcenter->vim = vim_create(&vcenter->http, err);
    return vcenter->vim != NULL;
}

void vcenter_close(struct vcenter *vcenter)
{
    if (vcenter->vim == NULL)
        return;
    if (!vcenter->kept)
        vcenter_end_session(vcenter);
    vim_destroy(vcenter->vim);
    vcenter->vim = NULL;
}

bool vcenter_login(struct vcenter *vcenter, struct err *err)
{
    vcenter->open = vim_login(vcenter->vim, vcenter->username, vcenter->password, err);
    return vcenter->open;
}

bool vcenter_resume(struct vcenter *vcenter, const struct pass *pass)
{
    if (!vim_resume(vcenter->vim, pass->session))
        return false;
    vcenter->open = true;
    vcenter->view = pass->view[0] == '\0' ? NULL : pass->view;
    return true;
}

void vcenter_end_session(struct vcenter *vcenter)
{
    struct err err = ERR_EMPTY;
    bool good = true;

    if (!vcenter->open)
        return;
    vcenter->goodbye_until_ms = clock_mono_ms(&clock_system) + VCENTER_GOODBYE_MS;
    if (vcenter->view != NULL)
        good = vim_destroy_view(vcenter->vim, vcenter->view, &err);
    /* A server that does not know the view any more may know the session; one that does not answer is let be. */
    if (good || vim_is_lost(vcenter->vim) || (err.class != ERR_UNREACHABLE && err.class != ERR_TIMEOUT))
        good = vim_logout(vcenter->vim, &err);
    if (!good && !vim_is_lost(vcenter->vim))
        muster_log(vcenter->m, MUSTER_INFO, "the session could not be ended, and ends by itself after a while: %s",
                   err.text);
    if (vcenter->owed)
        muster_keep_token(vcenter->m, "", 0);
    vcenter->goodbye_until_ms = 0;
    vcenter->view = NULL;
    vcenter->open = vcenter->owed = false;
}

static bool keep_token(struct vcenter *vcenter, struct pass *pass)
{
    unsigned char *bytes = muster_alloc(vcenter->m, MUSTER_MAX_TOKEN);
    size_t size;

    if (!vim_session(vcenter->vim, pass->session, sizeof pass->session))
        return false;
    snprintf(pass->fingerprint, sizeof pass->fingerprint, "%s", vim_connection(vcenter->vim)->fingerprint);
    size = pass_write(pass, bytes, MUSTER_MAX_TOKEN);
    if (size == 0)
        return false;
    muster_keep_token(vcenter->m, bytes, size);
    return true;
}

void vcenter_owe(struct vcenter *vcenter)
{
    vcenter->owed = keep_token(vcenter, muster_alloc(vcenter->m, sizeof(struct pass)));
}

bool vcenter_keep(struct vcenter *vcenter, struct pass *pass)
{
    vcenter->kept = keep_token(vcenter, pass);
    return vcenter->kept;
}
