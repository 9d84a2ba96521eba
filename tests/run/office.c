#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office.h"

#include "delivery.h"
#include "peer.h"
#include "rejudge.h"
#include "rules.h"
#include "sql.h"
#include "worker.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATIENCE_MS 60000

struct office office;

/* -------------------------------------------------------------------- what stands in for rules and for who asks ----
 */

struct rules *rules_keep(struct rules *rules)
{
    rules->references++;
    return rules;
}

void rules_release(struct rules *rules)
{
    if (rules != NULL)
        rules->references--;
}

const struct report_orders *rules_reports(const struct rules *rules)
{
    return &rules->orders;
}

void peer_done(struct peer *peer, unsigned status, const char *format, ...)
{
    va_list args;

    assert_false(peer->done);
    peer->done = true;
    peer->status = status;
    va_start(args, format);
    vsnprintf(peer->text, sizeof peer->text, format, args);
    va_end(args);
}

void peer_watch(struct peer *peer, void (*gone)(void *context), void *context)
{
    (void)peer, (void)gone, (void)context;
}

uid_t peer_user(const struct peer *peer)
{
    (void)peer;
    return 77;
}

bool rejudge_await(struct rejudge *rejudge, struct rejudge_wait *wait)
{
    (void)rejudge;
    if (office.judging)
        list_append(&office.waits, &wait->link);
    return office.judging;
}

void delivery_wake(struct delivery *delivery)
{
    (void)delivery;
    office.woken++;
}

/* ----------------------------------------------------------------------------------------------------- the office --
 */

static const char *const formats[] = { "html", "csv" };

/* It notes how it was called, and does what files beside it say. */
static const char script[] = "#!/bin/sh\n"
                             "here=${0%/*}\n"
                             "for word; do case $word in --output=*) out=${word#--output=} ;; esac; done\n"
                             "echo \"$PWD|$PATH|${HOME-none}|$*\" >>\"$here/calls\"\n"
                             "[ -e \"$here/hang\" ] && { echo half >\"${out%/*}/.${out##*/}.AbCd12\"; sleep 1000; }\n"
                             "[ -e \"$here/fail\" ] && { echo 'no space left'; exit 1; }\n"
                             "echo report >\"$out\"\n";

static const char *beside(const char *name)
{
    static char path[2][160];
    static int turn;

    turn = 1 - turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", office.folder, name);
    return path[turn];
}

void office_write(const char *path, const char *text, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

const char *office_calls(void)
{
    static char text[16384];
    FILE *file = fopen(office.calls, "r");
    size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);

    if (file != NULL)
        fclose(file);
    text[size] = '\0';
    return text;
}

size_t office_count_calls(void)
{
    size_t count = 0;

    for (const char *at = office_calls(); *at != '\0'; at++)
        count += *at == '\n';
    return count;
}

/* The names in the folder of reports, in their order, each with a blank. */
const char *office_files(void)
{
    static char text[4096];
    struct dirent **entries;
    int count = scandir(office.out, &entries, NULL, alphasort);

    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s ", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return text;
}

const char *office_today(const char *format)
{
    static char name[2][64];
    static int turn;
    char day[CLOCK_TEXT_SIZE];

    turn = 1 - turn;
    clock_text(clock_wall_ms(&clock_system), day);
    snprintf(name[turn], sizeof name[turn], "daily-%.10s.%s", day, format);
    return name[turn];
}

static void on_late(uv_timer_t *guard)
{
    (void)guard;
    fail_msg("not over after %d s", PATIENCE_MS / 1000);
}

static void on_look(uv_timer_t *look)
{
    (void)look;
}

int office_open(void **state)
{
    const struct store_options options = { .path = office.database };
    struct err err;

    (void)state;
    memset(&office, 0, sizeof office);
    snprintf(office.folder, sizeof office.folder, "/tmp/test_reporter_XXXXXX");
    assert_non_null(mkdtemp(office.folder));
    snprintf(office.out, sizeof office.out, "%s/out", office.folder);
    snprintf(office.program, sizeof office.program, "%s/muster", office.folder);
    snprintf(office.database, sizeof office.database, "%s/m.db", office.folder);
    snprintf(office.calls, sizeof office.calls, "%s/calls", office.folder);
    mkdir(office.out, 0755);
    office_write(office.program, script, 0755);
    office.orders[0] = (struct report_order){ .name = "daily",
                                              .plan = { REPORT_DAILY, 0, 0, zone_utc },
                                              .formats = { formats, 2 },
                                              .folder = office.out,
                                              .keep = 3 };
    office.orders[1] = office.orders[0];
    office.orders[1].name = "other";
    office.rules.orders = (struct report_orders){ office.orders, 1 };
    uv_loop_init(&office.loop);
    uv_timer_init(&office.loop, &office.guard);
    uv_timer_init(&office.loop, &office.look);
    uv_timer_start(&office.guard, on_late, PATIENCE_MS, 0);
    office.store = store_open(&options, &err);
    assert_non_null(office.store);
    office.worker = worker_create(&office.loop, office.store, NULL, NULL);
    office.fleet.loop = &office.loop;
    office.fleet.rejudge = (struct rejudge *)(void *)&office; /* never looked into */
    list_init(&office.waits);
    office.fleet.worker = office.worker;
    office.fleet.rules = &office.rules;
    office.reporter = reporter_create(
        &office.fleet,
        &(struct reporter_places){ .program = office.program, .database = office.database, .control = "/control" });
    return 0;
}

static void on_stopped(void *context)
{
    *(bool *)context = true;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
    (void)status, (void)type, (void)where;
    return remove(path);
}

void office_judged(void)
{
    office.judging = false;
    list_each (node, &office.waits) {
        struct rejudge_wait *wait = list_entry(node, struct rejudge_wait, link);

        list_remove(node);
        wait->told(wait);
    }
}

void office_stop(void)
{
    if (!office.stopped)
        reporter_stop(office.reporter, OFFICE_GRACE_MS, on_stopped, &office.stopped);
    while (!office.stopped)
        uv_run(&office.loop, UV_RUN_ONCE);
}

int office_close(void **state)
{
    (void)state;
    office_stop();
    worker_close(office.worker, on_stopped, &office.closed);
    while (!office.closed)
        uv_run(&office.loop, UV_RUN_ONCE);
    reporter_destroy(office.reporter);
    uv_close((uv_handle_t *)&office.guard, NULL);
    uv_close((uv_handle_t *)&office.look, NULL);
    uv_run(&office.loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&office.loop), 0);
    store_close(office.store);
    assert_int_equal(office.rules.references, 0);
    assert_int_equal(office.others.references, 0);
    nftw(office.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}

/* By a connection of the test's own, as the worker has the store's. */
const char *office_ask(const char *text)
{
    static char answer[1024];
    struct sql_query rows;
    struct sql sql;
    struct err err;

    assert_true(sql_open(&sql, office.database, SQLITE_OPEN_READONLY, &err));
    sql_query(&rows, &sql, text);
    answer[0] = '\0';
    while (sql_row(&rows))
        snprintf(answer + strlen(answer), sizeof answer - strlen(answer), "%s%s", answer[0] == '\0' ? "" : " ",
                 sql_text(&rows, 0) == NULL ? "-" : sql_text(&rows, 0));
    sql_done(&rows, &err);
    sql_close(&sql);
    return answer;
}

void office_wait(const char *text, const char *answer)
{
    while (strcmp(office_ask(text), answer) != 0)
        uv_run(&office.loop, UV_RUN_ONCE);
}

/* The reports are known since so many days ago. */
void office_known(int64_t days)
{
    struct report_row rows[] = { { .name = "daily" }, { .name = "other" } };
    struct err err;

    assert_true(report_row_know(office.store, rows, office.rules.orders.count,
                                clock_wall_ms(&clock_system) - days * OFFICE_DAY_MS, &err));
}

void office_put(const char *name)
{
    office_write(beside(name), "", 0644);
}

void office_take(const char *name)
{
    unlink(beside(name));
}

/* What the script does is no event of the loop. */
void office_wait_files(const char *begin)
{
    uv_timer_start(&office.look, on_look, 0, 5);
    while (strncmp(office_files(), begin, strlen(begin)) != 0)
        uv_run(&office.loop, UV_RUN_ONCE);
    uv_timer_stop(&office.look);
}
