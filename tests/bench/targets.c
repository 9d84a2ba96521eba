/* Ten thousand targets: their configuration, and the schedule's work for one of their runs. */
#include "bench.h"

#include "config.h"
#include "crowd.h"
#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TARGETS 10000
#define ROUNDS 5
#define STEPS 20000 /* in a round */
#define HOUR INT64_C(3600000)

static char folder[] = "/tmp/muster-bench-XXXXXX";

static void write_file(const char *name, const struct str *text)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    if (file == NULL || fwrite(str_text(text), 1, text->length, file) != text->length || fclose(file) != 0)
        bench_fail("%s cannot be written", path);
}

static void write_all(void)
{
    struct str text = STR_EMPTY;
    char plugins[128];

    snprintf(plugins, sizeof plugins, "%s/plugins", folder);
    if (mkdir(plugins, 0755) != 0)
        bench_fail("%s cannot be made", plugins);
    write_file("plugins/file.so", &text);
    write_file("plugins/vmware.so", &text);
    write_file("host", &text);
    fleet_write(&text, TARGETS);
    str_add(&text, "plugins = \"plugins\"; plugin_host = \"host\";\n");
    write_file("musterd.conf", &text);
    str_finish(&text);
}

static struct config *load(void)
{
    struct config_problems problems;
    struct config *config;
    char path[128];

    snprintf(path, sizeof path, "%s/musterd.conf", folder);
    config_problems_init(&problems);
    config = config_load(path, &problems);
    if (config == NULL || config->targets.count != TARGETS) {
        config_problems_print(&problems);
        bench_fail("the configuration of %d targets is not taken", TARGETS);
    }
    config_problems_finish(&problems);
    return config;
}

static struct config *measure_loading(void)
{
    struct row row = {
        .what = "configuration of 10,000 targets loaded", .unit = "ms", .kind = BAR_AT_MOST, .bar = 1000
    };
    struct config *config = NULL;
    double ms[ROUNDS];

    for (int round = 0; round < ROUNDS; round++) {
        double begun;

        config_unload(config);
        begun = bench_now();
        config = load();
        ms[round] = (bench_now() - begun) * 1e3;
    }
    row.measured = bench_median(ms, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "least %.0f, most %.0f", ms[0], ms[ROUNDS - 1]);
    bench_row(&row);
    return config;
}

/* ---------------------------------------------------------------------------------------------------- schedule ---- */

/* The fleet as the daemon has it: each target was scanned within the last hour. */
static struct schedule *fill(const struct config *config)
{
    static const size_t slots[] = { 16, 16 };
    const struct schedule_now now = { HOUR, 100 * HOUR };
    struct schedule *schedule = schedule_create(32, slots, 2);

    for (size_t i = 0; i < config->targets.count; i++) {
        const struct config_target *target = &config->targets.items[i];
        const struct schedule_spec spec = { .name = target->name, .plugin = i % 2, .every_ms = target->every_ms };
        const struct schedule_state state = { .started_at = now.wall - (int64_t)i * HOUR / TARGETS };

        schedule_add(schedule, &spec, &state, NULL, now);
    }
    schedule_plugin_ready(schedule, 0, true);
    schedule_plugin_ready(schedule, 1, true);
    return schedule;
}

/* Runs the time on from one due target to the next: what is due, its begin, and its end, one in ten a failure. Returns
 * the seconds of one step; *longest is that of all. */
static double step(struct schedule *schedule, struct schedule_now *now, double *longest)
{
    double begun = bench_now();
    int runs = 0;

    while (runs < STEPS) {
        struct schedule_step step;
        double since = bench_now(), took;
        int64_t due;

        while (schedule_next(schedule, *now, &step)) {
            enum err_class class = ++runs % 10 == 0 ? ERR_TIMEOUT : ERR_NONE;

            if (!schedule_begin(schedule, step.entry, NULL, *now))
                bench_fail("a run may not begin");
            schedule_end(schedule, step.entry, class, "", *now);
            took = bench_now() - since;
            *longest = took > *longest ? took : *longest;
            since = bench_now();
        }
        due = schedule_due(schedule);
        if (due == INT64_MAX)
            bench_fail("nothing is due any more");
        now->wall += due - now->mono;
        now->mono = due;
    }
    return (bench_now() - begun) / STEPS;
}

static void measure_schedule(const struct config *config)
{
    struct row row = {
        .what = "a step of the schedule of 10,000 targets", .unit = "us", .kind = BAR_AT_MOST, .bar = 50
    };
    struct schedule_now now = { HOUR, 100 * HOUR };
    struct schedule *schedule = fill(config);
    double us[ROUNDS], longest = 0;

    for (int round = 0; round < ROUNDS; round++)
        us[round] = step(schedule, &now, &longest) * 1e6;
    row.measured = bench_median(us, ROUNDS);
    snprintf(row.compared, sizeof row.compared, "what is due, its begin and its end; the longest of %d: %.0f us",
             ROUNDS * STEPS, longest * 1e6);
    bench_row(&row);
    schedule_destroy(schedule);
}

void bench_targets(void)
{
    struct config *config;

    if (mkdtemp(folder) == NULL)
        bench_fail("no folder for a configuration");
    write_all();
    config = measure_loading();
    measure_schedule(config);
    config_unload(config);
    bench_remove(folder);
}
