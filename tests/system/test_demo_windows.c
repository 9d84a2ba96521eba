/* What ./run demo promises of Windows computers: its own files, with which it adds them to the fleet, and what is said
 * of the host of 2008 SP2 and of the virtual machines on it and beside it. */
#include "demo_site.h"
#include "winpeer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Without a KDC: as ./run demo has it without --all. */
static void fill(struct demo_site *site)
{
    static const char *const hosts[] = { "ham-hv08", "ham-hv12", "ham-hv16", "ham-fil01" };

    demo_site_shell(site, "cp " DEMO "/windows.conf targets");
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        demo_site_shell(site, "sed -i 's|@%s@|%d|' targets", hosts[i], winpeer_port(site->peer, hosts[i], false));
    demo_site_shell(site,
                    "sed -i 's|@AUTH@|ntlm|g; s|@CLUSTER@|port = %d; auth = \"ntlm\"; ca_file = \"%s\";|' targets",
                    winpeer_port(site->peer, "ham-n1", true), peer_fact(site->peer, "ca_file"));
    demo_site_shell(site, "sed -e '/^# .*(windows.conf)/r targets' " DEMO "/musterd.conf >configured");
    demo_site_shell(site, "{ echo 'credentials = ('; cat " DEMO "/windows-ntlm.conf; echo ');'; } >>configured");
    demo_site_shell(site, "(umask 077 && printf %%s '%s' >windows.pw)", peer_fact(site->peer, "password"));
}

static const struct {
    const char *name, *kind, *method, *verdict, *row;
} promised[] = {
    { "ham-hv08", "hyperv_host", "host", "unsupported", "row 56 " },
    { "ham-hv08", "hyperv_host", "agent", "unsupported", "row 20 " },
    { "HAM-APP01", "vm", "image", "unsupported", "row 56 " },
    { "HAM-WEB01", "vm", "image", "unsupported", "row 56 " },
    { "HAM-GATE01", "vm", "image", "unsupported", "row 56 " },
    { "HAM-APP02", "vm", "image", "supported", "row 53 " },
    { "HAM-OLD01", "vm", "image", "supported", "row 53 " },
    { "HAM-WEB02", "vm", "image", "supported", "row 52 " },
    { "HAM-LNX01", "vm", "image", "supported", "row 52 " },
    { "HAM-FS01", "vm", "image", "supported", "row 53 " },
    { "HAM-FS02", "vm", "image", "supported", "row 53 " },
    { "ham-fil01", "machine", "agent", "supported", "row 8 " },
};

static void the_host_of_2008_takes_its_machines_along_and_none_beside_it(void **state)
{
    struct demo_site site;

    (void)state;
    demo_site_begin(&site, winpeer_begin("--fleet", DEMO "/windows-fleet.json", NULL), fill);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM target WHERE result = 'complete'"), 7);
    assert_int_equal(rig_number(&site.rig, "SELECT count(*) FROM item WHERE kind = 'vm' AND name LIKE 'HAM-%%'"), 9);
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        if (rig_number(&site.rig,
                       "SELECT count(*) FROM protection p JOIN item i ON i.asset = p.asset WHERE i.kind = '%s' AND "
                       "i.name = '%s' AND p.method = '%s' AND p.verdict = '%s' AND p.reason LIKE '%%%s%%'",
                       promised[i].kind, promised[i].name, promised[i].method, promised[i].verdict,
                       promised[i].row) != 1) {
            rig_muster(&site.rig, "explain", promised[i].name, NULL);
            fail_msg("%s is not %s: %s%s", promised[i].name, promised[i].verdict, site.rig.out, site.rig.err);
        }
    }
    demo_site_end(&site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_host_of_2008_takes_its_machines_along_and_none_beside_it),
    };

    if (winpeer_absent() != 0)
        return winpeer_absent();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
