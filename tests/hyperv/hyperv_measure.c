/* What a scan of a host costs the scanning side, for whoever changes it; worth something in the release build:
 *
 *     hyperv_measure [MACHINES [ROUNDS]] */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "site.h"
#include "winpeer.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static double used_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static void measure(void **state)
{
    const char *const *words = *state;
    int machines = words[0] == NULL ? 100 : atoi(words[0]),
        rounds = words[0] == NULL || words[1] == NULL ? 20 : atoi(words[1]);
    double best = 1e9;
    char fleet[128];

    snprintf(fleet, sizeof fleet, "{\"hosts\": [{\"name\": \"hv\", \"version\": \"2016\", \"hyperv\": {\"vms\": %d}}]}",
             machines);
    site_begin(fleet);
    for (int i = 0; i < rounds; i++) {
        double start, spent;

        site_aim("hv", false);
        peer_tell(site.peer, "reset");
        start = used_ms();
        if (!mock_scan(site.mock))
            fail_msg("%s", mock_failure(site.mock)->text);
        spent = used_ms() - start;
        best = spent < best ? spent : best;
    }
    printf("%d machines: %.1f ms of processor time at best, %" PRId64 " requests, %zu bytes of heap in use after it\n",
           machines, best, winpeer_count(site.peer, "soap"), mallinfo2().uordblks);
    site_end();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_prestate(measure, (void *)(argv + 1)) };

    (void)argc;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
