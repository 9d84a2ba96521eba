#include "scouting.h"

#include "peer_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct scouting scouting;

static char browser_text[8192];
static unsigned char browser_bytes[8192];

int scouting_set_up(void **state)
{
    (void)state;
    scouting.far = far_end_open();
    scouting.settings = (struct sql_scout_settings){ .host = far_end_host(scouting.far),
                                                     .browser_ms = SCOUTING_LONG_MS,
                                                     .port_ms = SCOUTING_LONG_MS };
    browser_text[0] = '\0';
    return 0;
}

int scouting_tear_down(void **state)
{
    (void)state;
    far_end_close(scouting.far);
    return 0;
}

int listens(int port, enum far_manner manner, const void *bytes, size_t size)
{
    const struct far_port door = {
        .port = port, .manner = manner, .bytes = bytes, .size = size, .certificate = &scouting.certificate
    };

    return far_end_listen(scouting.far, &door);
}

int answers(int port, const unsigned char *reply)
{
    return listens(port, FAR_ANSWERS, reply, scouting.prelogin_size);
}

void name(const char *instance, int port)
{
    size_t at = strlen(browser_text);

    snprintf(browser_text + at, sizeof browser_text - at,
             "ServerName;EVIL;InstanceName;%s;IsClustered;%s;Version;11.0.2100.60", instance,
             strcmp(instance, "FCI") == 0 ? "Yes" : "No");
    at = strlen(browser_text);
    if (port != 0)
        snprintf(browser_text + at, sizeof browser_text - at, ";tcp;%d;;", port);
    else
        snprintf(browser_text + at, sizeof browser_text - at, ";np;\\\\EVIL\\pipe\\sql;;");
}

void name_as(const char *text)
{
    size_t at = strlen(browser_text);

    snprintf(browser_text + at, sizeof browser_text - at, "%s", text);
}

void browse_with(struct far_browser browser)
{
    browser.bytes = browser_bytes;
    browser.size = far_end_reply(browser_bytes, browser_text);
    far_end_browse(scouting.far, &browser);
}

void browse(void)
{
    browse_with((struct far_browser){ 0 });
}

void look(void)
{
    scouting.err = ERR_EMPTY;
    if (!sql_scout(&scouting.scout, &scouting.settings, &scouting.err))
        fail_msg("%s", scouting.err.text);
    assert_string_equal(scouting.scout.address, far_end_host(scouting.far));
}

void look_in_vain(enum err_class class, const char *why)
{
    scouting.err = ERR_EMPTY;
    assert_false(sql_scout(&scouting.scout, &scouting.settings, &scouting.err));
    if (scouting.err.class != class || strstr(scouting.err.text, why) == NULL)
        fail_msg("%s: %s", err_class_word(scouting.err.class), scouting.err.text);
}

const struct sql_scout_instance *at_port(int port)
{
    for (size_t i = 0; i < scouting.scout.count; i++)
        if (scouting.scout.instances[i].port == port)
            return &scouting.scout.instances[i];
    fail_msg("nothing is told of port %d", port);
    return NULL;
}

void assert_seen(int port, const char *instance, const char *build)
{
    const struct sql_scout_instance *seen = at_port(port);

    if (!seen->seen)
        fail_msg("%s", seen->why.text);
    assert_string_equal(seen->name, instance);
    assert_int_equal(seen->by_browser, instance[0] != '\0');
    assert_string_equal(seen->prelogin.build, build);
    assert_int_equal(seen->why.class, ERR_NONE);
}

void assert_unseen(int port, enum err_class class, const char *why)
{
    const struct sql_scout_instance *seen = at_port(port);

    assert_false(seen->seen);
    if (seen->why.class != class || strstr(seen->why.text, why) == NULL)
        fail_msg("port %d: %s: %s", port, err_class_word(seen->why.class), seen->why.text);
    assert_non_null(strstr(seen->why.text, far_end_host(scouting.far)));
}

int scouting_begin(void)
{
    struct far_end *tried = far_end_open();

    if (tried == NULL)
        return peer_absent("UDP 1434 or TCP 1433 is taken here: run it by unshare -rn sh -c 'ip link set lo up; ...'");
    far_end_close(tried);
    far_end_prelogin(scouting.build_2008, 10, 0, 6000, PRELOGIN_OFF);
    far_end_prelogin(scouting.build_2012, 11, 0, 7001, PRELOGIN_OFF);
    scouting.prelogin_size = far_end_prelogin(scouting.build_2019, 15, 0, 2000, PRELOGIN_REQUIRED);
    far_certificate_make(&scouting.certificate, "sql01", "DNS:sql01", 10, NULL);
    return 0;
}

void scouting_end(void)
{
    far_certificate_finish(&scouting.certificate);
}
