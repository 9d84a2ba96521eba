#include "demo_site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

void demo_site_shell(struct demo_site *site, const char *format, ...)
{
    char line[1024], whole[1200];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    snprintf(whole, sizeof whole, "cd %s && %s", site->rig.folder, line);
    assert_int_equal(system(whole), 0);
}

void demo_site_begin(struct demo_site *site, struct peer *peer, void (*fill)(struct demo_site *site))
{
    char *configuration;

    site->peer = peer;
    rig_set_neighbour(peer_pid(site->peer));
    rig_begin(&site->rig);
    demo_site_shell(site, "cp -R " DEMO "/fleet.jsonl " DEMO "/rvtools .");
    fill(site);
    configuration = rig_read(&site->rig, "configured");
    rig_write(&site->rig, "musterd.conf", "plugins = \"" PLUGINS "\"; plugin_host = \"" HOST_PROGRAM "\";\n%s",
              configuration);
    free(configuration);
    rig_start(&site->rig);
    if (rig_muster(&site->rig, "scan", NULL) != 0)
        fail_msg("%s%s", site->rig.out, site->rig.err);
}

void demo_site_end(struct demo_site *site)
{
    rig_assert_whole(&site->rig);
    rig_stop(&site->rig);
    rig_end(&site->rig);
    rig_set_neighbour(0);
    peer_stop(site->peer);
}
