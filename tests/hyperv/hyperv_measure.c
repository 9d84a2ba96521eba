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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double used_ms(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

static long private_kib(void)
{
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    char line[256];
    long sum = 0;

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Private_", 8) == 0 && strchr(line, ':') != NULL)
            sum += strtol(strchr(line, ':') + 1, NULL, 10);
    }
    if (file != NULL)
        fclose(file);
    return sum;
}

/* As a host does it: what was prepared is shared with a process for the scan alone. The records are kept here, which
 * the real one sends. */
static void measure_memory(void)
{
    pid_t child;

    site_aim("hv", false);
    child = fork();
    if (child == 0) {
        mock_scan(site.mock);
        printf("%ld KiB of private memory of a forked scan, records and all\n", private_kib());
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static int number(const char *word, int usual)
{
    return word == NULL ? usual : (int)strtol(word, NULL, 10);
}

static void measure(void **state)
{
    const char *const *words = *state;
    int machines = number(words[0], 100), rounds = words[0] == NULL ? 20 : number(words[1], 20);
    double best = 1e9;
    char fleet[128];

    snprintf(fleet, sizeof fleet, "{\"hosts\": [{\"name\": \"hv\", \"version\": \"2016\", \"hyperv\": {\"vms\": %d}}]}",
             machines);
    site_begin(fleet);
    measure_memory();
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
    printf("%d machines: %.1f ms of processor time at best, %" PRId64 " requests\n", machines, best,
           winpeer_count(site.peer, "soap"));
    site_end();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test_prestate(measure, (void *)(argv + 1)) };

    (void)argc;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
