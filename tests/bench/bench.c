/* muster-bench [--json FILE] [PART...]: measures all but what takes minutes, or these parts, prints a table, and writes
 * the same as JSON (build/bench.json). */
#include "bench.h"

#include "json.h"
#include "sql.h"
#include "str.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define MAX_ROWS 128

static struct row rows[MAX_ROWS];
static size_t row_count;

void bench_row(const struct row *row)
{
    if (row_count == MAX_ROWS)
        bench_fail("%s is a row too many: MAX_ROWS is %d", row->what, MAX_ROWS);
    rows[row_count++] = *row;
    fprintf(stderr, "  %s\n", row->what);
}

void bench_fail(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("muster-bench: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(EXIT_FAILURE);
}

double bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double bench_proc(int pid, const char *name, const char *wanted)
{
    char path[64], line[256];
    double number = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    file = fopen(path, "r");
    if (file == NULL)
        bench_fail("%s cannot be read", path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, wanted, strlen(wanted)) == 0)
            number = strtod(line + strlen(wanted), NULL);
    }
    fclose(file);
    return number;
}

int64_t bench_ask(const char *database, const char *question)
{
    int64_t number;
    struct sql sql;
    struct err err;

    if (!sql_open(&sql, database, SQLITE_OPEN_READONLY, &err) || !sql_number(&sql, question, &number, &err))
        bench_fail("%s", err.text);
    sql_close(&sql);
    return number;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status, (void)type, (void)place;
    return remove(path);
}

void bench_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool is_met(const struct row *row)
{
    return row->kind == BAR_AT_LEAST ? row->measured >= row->bar : row->measured <= row->bar;
}

static void print_number(char *buffer, size_t size, double number)
{
    snprintf(buffer, size, "%.*f", number < 10 ? 2 : number < 1000 ? 1 : 0, number);
}

static void print_row(const struct row *row)
{
    char measured[32], bar[48] = "";

    print_number(measured, sizeof measured, row->measured);
    if (row->kind != BAR_NONE) {
        snprintf(bar, sizeof bar, "%s ", row->kind == BAR_AT_MOST ? "<=" : ">=");
        print_number(bar + 3, sizeof bar - 3, row->bar);
    }
    printf("%-50s %10s %-8s %-10s %-7s %s\n", row->what, measured, row->unit, bar,
           row->kind == BAR_NONE ? ""
           : is_met(row)         ? "met"
                                 : "MISSED",
           row->compared);
}

static void add_member(struct str *out, const char *name, const char *text)
{
    str_format(out, ",\"%s\":", name);
    json_add_text(out, text);
}

static void add_row(struct str *out, const struct row *row)
{
    str_add(out, "{\"what\":");
    json_add_text(out, row->what);
    str_format(out, ",\"measured\":%.6g", row->measured);
    add_member(out, "unit", row->unit);
    if (row->kind != BAR_NONE)
        str_format(out, ",\"%s\":%.6g,\"met\":%s", row->kind == BAR_AT_MOST ? "at_most" : "at_least", row->bar,
                   is_met(row) ? "true" : "false");
    if (row->compared[0] != '\0')
        add_member(out, "compared_to", row->compared);
    str_add(out, "}");
}

static void write_json(const char *path)
{
    struct str out = STR_EMPTY;
    struct utsname system;
    FILE *file = fopen(path, "w");

    uname(&system);
    str_format(&out, "{\"schema\":1,\"processors\":%ld", sysconf(_SC_NPROCESSORS_ONLN));
    add_member(&out, "kernel", system.release);
    add_member(&out, "machine", system.machine);
    str_add(&out, ",\"rows\":[\n");
    for (size_t i = 0; i < row_count; i++) {
        str_add(&out, i == 0 ? "" : ",\n");
        add_row(&out, &rows[i]);
    }
    str_add(&out, "\n]}\n");
    if (file == NULL || fwrite(out.bytes, 1, out.length, file) != out.length || fclose(file) != 0)
        bench_fail("%s cannot be written", path);
    str_finish(&out);
}

/* A word for each part, so that one can be measured alone. First those that fork this process, while it is small. */
struct part {
    const char *name;
    void (*run)(void);
};

static const struct part parts[] = {
    { "scans", bench_scans },         { "vmware", bench_vmware },
    { "whole", bench_whole },         { "flight", bench_flight },
    { "items", bench_items },         { "commits", bench_commits },
    { "loop", bench_loop },           { "idle", bench_idle },
    { "targets", bench_targets },     { "inventory", bench_inventory },
    { "knowledge", bench_knowledge }, { "judging", bench_judging },
    { "whatif", bench_whatif },       { "findings", bench_findings },
    { "judge", bench_judge },         { "hooks", bench_hooks },
    { "outbox", bench_outbox },       { "report", bench_report },
    { "winrm", bench_winrm },         { "sql", bench_sql },
    { "sql", bench_sql_scans },
};

/* Those that take minutes, and are measured only where they are named. */
static const struct part long_parts[] = { { "vmware-large", bench_vmware_large } };

#define COUNT(table) (sizeof(table) / sizeof *(table))

static size_t measure_of(const struct part *table, size_t count, const char *name)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        if (name != NULL && strcmp(table[i].name, name) != 0)
            continue;
        table[i].run();
        found++;
    }
    return found;
}

static void measure(const char *name)
{
    size_t found = measure_of(parts, COUNT(parts), name);

    if (name != NULL)
        found += measure_of(long_parts, COUNT(long_parts), name);
    if (found == 0)
        bench_fail("there is no part %s", name);
}

int main(int argc, char **argv)
{
    const char *json = "build/bench.json";
    int at = 1;

    if (argc > at + 1 && strcmp(argv[at], "--json") == 0) {
        json = argv[at + 1];
        at += 2;
    }
    if (at < argc && argv[at][0] == '-')
        bench_fail("usage: muster-bench [--json FILE] [PART...]");
    fputs("measuring:\n", stderr);
    if (at == argc)
        measure(NULL);
    for (; at < argc; at++)
        measure(argv[at]);
    printf("\n%-50s %10s %-8s %-10s %-7s %s\n", "WHAT", "MEASURED", "", "BAR", "", "COMPARED TO");
    for (size_t i = 0; i < row_count; i++)
        print_row(&rows[i]);
    write_json(json);
    return EXIT_SUCCESS;
}
