/* Asks one computer one query, and prints what it answers, by hand:
 *
 *     wsman_ask host=127.0.0.1 port=5985 tls=false auth=ntlm username='CORP\scan' password=right \
 *         root/cimv2 'SELECT * FROM Win32_OperatingSystem' */
#include "wsman.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const auths[] = { NULL, "kerberos", "ntlm", "negotiate", "basic", "certificate" };

static bool print(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)context, (void)err;
    printf("%s\n", instance->class);
    for (size_t i = 0; i < instance->count; i++) {
        printf("  %s =", instance->properties[i].name);
        for (size_t j = 0; j < instance->properties[i].count; j++)
            printf(" [%s]", instance->properties[i].texts[j]);
        printf("\n");
    }
    return true;
}

static enum wsman_auth auth_of(const char *word)
{
    for (int i = 1; i < 6; i++) {
        if (strcmp(auths[i], word) == 0)
            return (enum wsman_auth)i;
    }
    return WSMAN_NEGOTIATE;
}

static void take(struct wsman_settings *settings, char *word)
{
    char *value = strchr(word, '=') + 1;
    const struct {
        const char *name;
        const char **text;
    } texts[] = {
        { "host=", &settings->host },
        { "username=", &settings->user },
        { "password=", &settings->password },
        { "keytab=", &settings->keytab },
        { "cache=", &settings->cache },
        { "certificate=", &settings->certificate },
        { "key=", &settings->key },
        { "service_host=", &settings->service_host },
        { "ca_file=", &settings->http.ca_file },
        { "fingerprint=", &settings->http.fingerprint },
        { "proxy=", &settings->http.proxy },
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strncmp(word, texts[i].name, strlen(texts[i].name)) == 0)
            *texts[i].text = value;
    }
    if (strncmp(word, "port=", 5) == 0)
        settings->port = atoi(value);
    if (strncmp(word, "tls=", 4) == 0)
        settings->tls = strcmp(value, "true") == 0;
    if (strncmp(word, "auth=", 5) == 0)
        settings->auth = auth_of(value);
}

static bool ask(const struct wsman_settings *settings, const char *space, const char *wql, struct err *err)
{
    const struct wsman_taker taker = { print, NULL };
    struct wsman *wsman = wsman_create(settings, err);
    bool good = wsman != NULL && wsman_query(wsman, space, wql, &taker, err);

    if (wsman != NULL)
        printf("%zu requests, by %s %s\n", wsman_requests(wsman), wsman_login_word(wsman), wsman_login_reason(wsman));
    wsman_destroy(wsman);
    return good;
}

int main(int argc, char **argv)
{
    struct wsman_settings settings = { .host = "127.0.0.1", .tls = true, .auth = WSMAN_NEGOTIATE };
    struct err err;
    int at = 1;

    while (at < argc && strchr(argv[at], ' ') == NULL && strchr(argv[at], '=') != NULL)
        take(&settings, argv[at++]);
    if (at + 2 != argc)
        return fputs("usage: wsman_ask option=value... NAMESPACE WQL\n", stderr), 2;
    if (http_prepare(&err) && negotiate_prepare(&err) && ask(&settings, argv[at], argv[at + 1], &err))
        return 0;
    fprintf(stderr, "%s: %s\n", err_class_word(err.class), err.text);
    return 1;
}
