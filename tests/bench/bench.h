/* What the measurements share: rows to report, and a few numbers. */
#ifndef BENCH_H
#define BENCH_H

#include <stddef.h>
#include <stdint.h>

enum bar { BAR_NONE, BAR_AT_MOST, BAR_AT_LEAST };

struct row {
    const char *what;
    double measured; /* the median of several rounds, where there are rounds */
    const char *unit;
    enum bar kind;
    double bar;
    char compared[120]; /* to what, in words; may be empty */
};

/* Keeps the row for the report. */
void bench_row(const struct row *row);

/* Ends the program: what is measured did not work. */
_Noreturn void bench_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

double bench_now(void); /* seconds, on the monotonic clock */

/* Sorts the values. */
double bench_median(double *values, size_t count);

/* A line of /proc/PID/NAME, such as "VmRSS:" of "status": the number behind it; 0 where there is none. */
double bench_proc(int pid, const char *name, const char *line);

/* The number that a question to a database gives; it is not changed. */
int64_t bench_ask(const char *database, const char *question);

/* Removes a folder with all that is in it. */
void bench_remove(const char *folder);

/* The parts of the benchmark. */
void bench_scans(void);
void bench_flight(void);
void bench_items(void);
void bench_commits(void);
void bench_whole(void);
void bench_loop(void);
void bench_idle(void);
void bench_targets(void);
void bench_inventory(void);
void bench_judge(void);
void bench_judging(void);
void bench_whatif(void);
void bench_findings(void);
void bench_knowledge(void);
void bench_hooks(void);
void bench_outbox(void);
void bench_report(void);
void bench_vmware(void);
void bench_vmware_large(void);
void bench_winrm(void);
void bench_sql(void);
void bench_sql_scans(void);

#endif
