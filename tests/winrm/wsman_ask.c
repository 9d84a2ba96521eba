/* Asks one computer one query, and prints what it answers, by hand:
 *
 *     wsman_ask host=127.0.0.1 port=5985 tls=false auth=ntlm username='CORP\scan' password=right \
 *         root/cimv2 'SELECT * FROM Win32_OperatingSystem'
 *
 * With times=100 it asks so often, and tells what that costs in place of the answers: worth something in a release
 * build. Memory is what the process has for itself beside what it had before, as a scan has beside its host. */
#include "wsman.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int times; /* 0: once, and print */

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
        settings->port = (int)strtol(value, NULL, 10);
    if (strncmp(word, "times=", 6) == 0)
        times = (int)strtol(value, NULL, 10);
    if (strncmp(word, "tls=", 4) == 0)
        settings->tls = strcmp(value, "true") == 0;
    if (strncmp(word, "auth=", 5) == 0)
        settings->auth = auth_of(value);
}

static bool count(void *context, const struct cim_instance *instance, struct err *err)
{
    (void)instance, (void)err;
    ++*(size_t *)context;
    return true;
}

static double cpu_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1000 + (double)time.tv_nsec / 1000000;
}

static long private_kib(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "re");
    long total = 0;
    char line[256];

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Private_Dirty:", 14) == 0)
            total += strtol(line + 14, NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    return total;
}

/* In a process of its own, as a scan is. */
static bool measure(struct wsman *wsman, const char *space, const char *wql, struct err *err)
{
    size_t instances = 0, requests;
    const struct wsman_taker taker = { count, &instances };
    long before_kib = private_kib();
    double before = cpu_ms(), login;

    if (!wsman_login(wsman, err))
        return false;
    login = cpu_ms() - before;
    printf("login: %.2f ms of CPU, %ld KiB\n", login, private_kib() - before_kib);
    before = cpu_ms();
    for (int i = 0; i < times; i++) {
        if (!wsman_query(wsman, space, wql, &taker, err))
            return false;
    }
    requests = wsman_requests(wsman);
    printf("%zu requests for %zu instances: %.3f ms of CPU each, %ld KiB in the end\n", requests, instances,
           (cpu_ms() - before) / (double)requests, private_kib() - before_kib);
    return true;
}

static bool ask(const struct wsman_settings *settings, const char *space, const char *wql, struct err *err)
{
    const struct wsman_taker taker = { print, NULL };
    struct wsman *wsman = wsman_create(settings, err);
    bool good =
        wsman != NULL && (times > 0 ? measure(wsman, space, wql, err) : wsman_query(wsman, space, wql, &taker, err));

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
    if (http_prepare(&err) && negotiate_prepare(&err)) {
        fflush(stdout);
        if (times > 0 && fork() != 0)
            return wait(NULL) < 0;
        if (ask(&settings, argv[at], argv[at + 1], &err))
            return 0;
    }
    fprintf(stderr, "%s: %s\n", err_class_word(err.class), err.text);
    return 1;
}
