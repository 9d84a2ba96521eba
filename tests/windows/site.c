#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"

#include "item_look.h"
#include "winpeer.h"

#include <stdio.h>
#include <string.h>

struct site site;

void site_begin(const char *fleet)
{
    site.peer = winpeer_begin("--fleet", fleet, NULL);
}

void site_end(void)
{
    mock_destroy(site.mock);
    peer_stop(site.peer);
    site = (struct site){ 0 };
}

void site_aim(const char *host, bool tls)
{
    site_aim_with(host, tls, "", "");
}

void site_aim_with(const char *host, bool tls, const char *option, const char *value)
{
    char user[64], port[16];
    const char *const options[][2] = {
        { "host", "localhost" },
        { "port", port },
        { "tls", tls ? "true" : "false" },
        { "auth", "ntlm" },
        { "username", user },
        { "password", peer_fact(site.peer, "password") },
        { "ca_file", tls ? peer_fact(site.peer, "ca_file") : "" },
    };

    mock_destroy(site.mock);
    site.mock = mock_create(muster_plugin_entry());
    snprintf(user, sizeof user, "%s\\%s", peer_fact(site.peer, "domain"), peer_fact(site.peer, "username"));
    snprintf(port, sizeof port, "%d", winpeer_port(site.peer, host, tls));
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const char *given = strcmp(options[i][0], option) == 0 ? value : options[i][1];

        if (given[0] != '\0')
            mock_option(site.mock, options[i][0], given);
    }
    mock_deadline(site.mock, 60000);
    assert_true(mock_prepare(site.mock));
}

void site_scan(const char *host)
{
    site_aim(host, false);
    if (!mock_scan(site.mock))
        fail_msg("%s: %s", host, mock_failure(site.mock)->text);
}

bool site_try(const char *host, const char *trick)
{
    bool good;

    peer_tell(site.peer, "trick\t%s\t%s", host, trick);
    site_aim(host, false);
    good = mock_scan(site.mock);
    peer_tell(site.peer, "trick\t%s\thonest", host);
    return good;
}

const struct item *site_item(const char *kind)
{
    const struct item *found = NULL;

    if (mock_item_count(site.mock, kind) != 1)
        fail_msg("there are %zu %s", mock_item_count(site.mock, kind), kind);
    for (size_t i = 0; i < mock_item_count(site.mock, NULL); i++)
        if (strcmp(mock_item_at(site.mock, i)->kind, kind) == 0)
            found = mock_item_at(site.mock, i);
    return found;
}

const char *site_text(const char *kind, const char *attribute)
{
    return item_text(site_item(kind), attribute);
}

const char *site_list(const struct item *item, const char *attribute)
{
    return item_look_list(item, attribute, " ");
}

const char *site_unread(const struct item *item, const char *attribute)
{
    return item_look_unread(item, attribute);
}
