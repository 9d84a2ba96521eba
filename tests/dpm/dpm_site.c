#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dpm_site.h"

#include "item_look.h"
#include "sqlpeer.h"

#include <stdio.h>
#include <string.h>

struct dpm_site dpm_site;

/* The port is given, so nobody asks its browser, which takes any. */
void dpm_site_begin(const char *fleet)
{
    dpm_site.peer = sqlpeer_begin("--fleet", fleet, "--browser-port", "0", NULL);
}

void dpm_site_end(void)
{
    mock_destroy(dpm_site.mock);
    peer_stop(dpm_site.peer);
    dpm_site = (struct dpm_site){ 0 };
}

static void aim(const char *host, va_list more)
{
    char path[128], port[16];
    const char *name;

    mock_destroy(dpm_site.mock);
    dpm_site.mock = mock_create(muster_plugin_entry());
    snprintf(path, sizeof path, "hosts.%s.address", host);
    mock_option(dpm_site.mock, "host", peer_fact(dpm_site.peer, path));
    snprintf(port, sizeof port, "%d", sqlpeer_port(dpm_site.peer, host, "MSDPMINSTANCE"));
    mock_option(dpm_site.mock, "port", port);
    mock_option(dpm_site.mock, "username", "scan");
    mock_option(dpm_site.mock, "fingerprint", peer_fact(dpm_site.peer, "fingerprint"));
    while ((name = va_arg(more, const char *)) != NULL)
        mock_option(dpm_site.mock, name, va_arg(more, const char *));
}

void dpm_site_aim(const char *host, ...)
{
    va_list more;

    va_start(more, host);
    aim(host, more);
    va_end(more);
}

void dpm_site_scan(const char *host, ...)
{
    va_list more;

    va_start(more, host);
    aim(host, more);
    va_end(more);
    mock_option(dpm_site.mock, "password", "right");
    if (!mock_scan(dpm_site.mock))
        fail_msg("%s: %s", host, mock_failure(dpm_site.mock)->text);
}

const struct item *dpm_site_item(const char *kind, const char *key)
{
    const struct item *item = mock_item(dpm_site.mock, kind, key);

    if (item == NULL)
        fail_msg("there is no %s %s", kind, key);
    return item;
}

const struct item *dpm_site_source(const char *name)
{
    for (size_t i = 0; i < mock_item_count(dpm_site.mock, NULL); i++) {
        const struct item *item = mock_item_at(dpm_site.mock, i);
        const char *text = item_text(item, "id.name");

        if (strcmp(item->kind, "protected") == 0 && text != NULL && strcmp(text, name) == 0)
            return item;
    }
    fail_msg("there is no data source %s", name);
    return NULL;
}

const char *dpm_site_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}

int64_t dpm_site_count(const char *host, const char *what)
{
    peer_tell(dpm_site.peer, "count\t%s", host);
    return peer_number(dpm_site.peer, what);
}

size_t dpm_site_warned(const char *words)
{
    size_t count = 0;

    for (size_t i = 0; i < mock_warning_count(dpm_site.mock); i++)
        count += strstr(mock_warning_at(dpm_site.mock, i)->text, words) != NULL;
    return count;
}
