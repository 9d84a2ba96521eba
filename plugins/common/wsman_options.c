#include "wsman_options.h"

#include <string.h>

/* In the order of enum wsman_auth. */
const char *const wsman_options_auth[] = { "kerberos", "ntlm", "negotiate", "basic", "certificate", NULL };

static int64_t left_ms(void *context)
{
    return muster_left_ms(context);
}

static enum wsman_auth auth_of(const char *word)
{
    for (int i = 0; wsman_options_auth[i] != NULL; i++) {
        if (strcmp(wsman_options_auth[i], word) == 0)
            return (enum wsman_auth)(i + 1);
    }
    return WSMAN_NEGOTIATE;
}

void wsman_options_read(struct wsman_settings *settings, struct muster *m)
{
    *settings = (struct wsman_settings){
        .host = muster_text(m, "host"),
        .port = (int)muster_int(m, "port"),
        .tls = muster_bool(m, "tls"),
        .auth = auth_of(muster_choice(m, "auth")),
        .user = muster_text(m, "username"),
        .password = muster_secret(m, "password", NULL),
        .keytab = muster_path(m, "keytab"),
        .cache = muster_path(m, "cache"),
        .certificate = muster_path(m, "certificate"),
        .key = muster_path(m, "key"),
        .service_host = muster_text(m, "service_host"),
        .http = {
            .ca_file = muster_path(m, "ca_file"),
            .fingerprint = muster_text(m, "fingerprint"),
            .proxy = muster_text(m, "proxy"),
            .left_ms = left_ms,
            .context = m,
        },
    };
}

/* The failure classes of err.h are numbered as those of the ABI; the last is of this machine's making. */
int wsman_options_fail(struct muster *m, const struct err *err)
{
    return muster_fail(m, err->class <= ERR_CONFIG ? (int)err->class : MUSTER_UNREACHABLE, "%s", err->text);
}
