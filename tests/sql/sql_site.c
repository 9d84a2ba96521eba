#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sql_site.h"

#include "item_look.h"
#include "sqlpeer.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <net/if.h>
#include <netdb.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define DOMAIN ".corp.example"

struct sql_site sql_site;

/* ------------------------------------------------------------------------------------------------------ names ---- */

/* In place of the C library's: the fleet has names that no resolver knows. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
    char path[128];
    const char *end = name == NULL ? NULL : strstr(name, DOMAIN);
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");

    memcpy(&real, &symbol, sizeof real);
    if (end != NULL && end[sizeof DOMAIN - 1] == '\0' && sql_site.peer != NULL) {
        snprintf(path, sizeof path, "hosts.%.*s.address", (int)(end - name), name);
        name = peer_fact(sql_site.peer, path);
        if (name[0] == '\0')
            return EAI_NONAME;
    }
    return real(name, service, hints, found);
}

/* -------------------------------------------------------------------------------------------------------- peer ---- */

/* A net that no other test of the moment has. */
static char *placed(const char *fleet)
{
    char *text = calloc(1, strlen(fleet) * 12 + 1), *at = text;
    unsigned number = (unsigned)getpid();

    assert_non_null(text);
    for (; *fleet != '\0'; fleet++) {
        if (*fleet == '@')
            at += sprintf(at, "127.%u.%u", number / 250 % 200 + 20, number % 250 + 1);
        else
            *at++ = *fleet;
    }
    return text;
}

/* Where the system lets us have a network of our own, nobody else is in it. */
void sql_site_part(void)
{
    struct ifreq loopback = { .ifr_name = "lo" };
    int plug;

    if (unshare(CLONE_NEWNET) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return;
    plug = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(ioctl(plug, SIOCGIFFLAGS, &loopback), 0);
    loopback.ifr_flags |= IFF_UP;
    assert_int_equal(ioctl(plug, SIOCSIFFLAGS, &loopback), 0);
    close(plug);
}

void sql_site_begin_with(const char *fleet, const char *option, const char *value)
{
    char *text = placed(fleet);

    sql_site.peer = sqlpeer_begin("--fleet", text, option, value, NULL);
    free(text);
}

void sql_site_begin(const char *fleet)
{
    sql_site_part();
    sql_site_begin_with(fleet, NULL, NULL);
}

void sql_site_end(void)
{
    mock_destroy(sql_site.mock);
    peer_stop(sql_site.peer);
    sql_site = (struct sql_site){ 0 };
}

int64_t sql_site_count(const char *host, const char *what)
{
    peer_tell(sql_site.peer, "count\t%s", host);
    return peer_number(sql_site.peer, what);
}

/* -------------------------------------------------------------------------------------------------------- scan ---- */

struct given {
    const char *name, *value;
};

static void replace(struct given *options, size_t *count, const char *name, const char *value)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(options[i].name, name) == 0) {
            options[i].value = value;
            return;
        }
    }
    options[(*count)++] = (struct given){ name, value };
}

void sql_site_aim(const char *host, ...)
{
    static char name[128];
    struct given options[24] = { { "host", name },
                                 { "username", "scan" },
                                 { "password", peer_fact(sql_site.peer, "password") },
                                 { "ca_file", peer_fact(sql_site.peer, "ca_file") },
                                 { "connect_timeout", "5s" },
                                 { "query_timeout", "5s" } };
    size_t count = 6;
    const char *word;
    va_list words;

    snprintf(name, sizeof name, "%s%s", host, strchr(host, '.') == NULL ? DOMAIN : "");
    va_start(words, host);
    while ((word = va_arg(words, const char *)) != NULL)
        replace(options, &count, word, va_arg(words, const char *));
    va_end(words);
    mock_destroy(sql_site.mock);
    sql_site.mock = mock_create(muster_plugin_entry());
    for (size_t i = 0; i < count; i++) {
        if (options[i].value[0] != '\0')
            mock_option(sql_site.mock, options[i].name, options[i].value);
    }
    mock_deadline(sql_site.mock, 60000);
    assert_true(mock_prepare(sql_site.mock));
}

void sql_site_scan(const char *host)
{
    sql_site_aim(host, NULL);
    if (!mock_scan(sql_site.mock))
        fail_msg("%s: %s", host, mock_failure(sql_site.mock)->text);
}

/* -------------------------------------------------------------------------------------------------------- looks ----
 */

const struct item *sql_site_item(const char *kind, const char *key)
{
    const struct item *item = mock_item(sql_site.mock, kind, key);

    if (item == NULL)
        fail_msg("there is no %s %s", kind, key);
    return item;
}

const char *sql_site_list(const struct item *item, const char *attribute)
{
    return item_look_list(item, attribute, "|");
}

int sql_site_truth(const struct item *item, const char *attribute)
{
    return item_look_truth(item, attribute);
}

const char *sql_site_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}

bool sql_site_warned(const char *words)
{
    for (size_t i = 0; i < mock_warning_count(sql_site.mock); i++) {
        if (strstr(mock_warning_at(sql_site.mock, i)->text, words) != NULL)
            return true;
    }
    return false;
}

void sql_site_says(const char *text, const char *part)
{
    if (text == NULL || strstr(text, part) == NULL)
        fail_msg("'%s' does not say '%s'", text == NULL ? "(nothing)" : text, part);
}
