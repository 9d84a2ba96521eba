/* The off-line door: reads what a scan elsewhere wrote to a file. */
#include "input.h"
#include "jsonl_read.h"
#include "muster_plugin.h"
#include "relay.h"
#include "rvtools.h"
#include "rvtools_read.h"
#include "unit.h"

#include <string.h>
#include <time.h>

enum format { JSONL, RVTOOLS };

static const char *const formats[] = { "auto", "jsonl", "rvtools", NULL };

static const char *const kinds[] = { "*", NULL }; /* whatever the scan that wrote the file has seen */

static const struct muster_option options[] = {
    { .name = "path", .type = MUSTER_PATH, .required = 1, .help = "file to read, or the folder of an RVTools export" },
    { .name = "format",
      .type = MUSTER_CHOICE,
      .fallback = "auto",
      .choices = formats,
      .help = "jsonl: what muster-plugin-host --once prints; rvtools: vInfo and vHost as CSV; auto: look into it" },
    { .name = "max_age",
      .type = MUSTER_DURATION,
      .min = 60000,
      .max = INT64_C(400) * 24 * 3600 * 1000,
      .help = "an older file fails the scan, so that an export that has stopped is noticed; unset: any age" },
    { 0 },
};

/* The failure classes of err.h are numbered as those of the ABI; the last is of this machine's making. */
static int fail(struct muster *m, const struct err *err)
{
    return muster_fail(m, err->class <= ERR_CONFIG ? (int)err->class : MUSTER_UNREACHABLE, "%s", err->text);
}

static int64_t age_ms(const struct input *input)
{
    int64_t seconds = time(NULL) - input->before.st_mtim.tv_sec;

    return seconds < 0 ? 0 : seconds * 1000;
}

static bool is_too_old(struct muster *m, const struct input *input)
{
    return muster_is_set(m, "max_age") && age_ms(input) > muster_duration_ms(m, "max_age");
}

/* A duration in the largest unit that is at least one. */
static const char *age_text(int64_t ms, char buffer[UNIT_TEXT_SIZE])
{
    static const int64_t units[] = { INT64_C(86400000), 3600000, 60000, 1000 };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (ms >= units[i])
            return duration_text(ms - ms % units[i], buffer);
    return duration_text(0, buffer);
}

static int fail_as_too_old(struct muster *m, const struct input *input, const char *name)
{
    char age[UNIT_TEXT_SIZE], limit[UNIT_TEXT_SIZE];

    return muster_fail(m, MUSTER_UNREACHABLE,
                       "%s was last written %s ago and max_age is %s: find out why it is no longer renewed", name,
                       age_text(age_ms(input), age), duration_text(muster_duration_ms(m, "max_age"), limit));
}

/* What the file is as the option says, or else as its first character does: JSON lines start with a brace. */
static enum format find_format(struct muster *m, FILE *stream)
{
    const char *format = muster_choice(m, "format");
    char start[512] = "", *text = start;

    if (strcmp(format, "auto") != 0)
        return strcmp(format, "jsonl") == 0 ? JSONL : RVTOOLS;
    if (fread(start, 1, sizeof start - 1, stream) >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    rewind(stream);
    return text[strspn(text, " \t\r\n")] == '{' ? JSONL : RVTOOLS;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL || slash[1] == '\0' ? path : slash + 1;
}

/* ------------------------------------------------------------------------------------------------------ scan ---- */

static void note_change(struct relay *relay, const struct input *input)
{
    if (input_changed(input))
        relay_miss(relay, NULL, NULL, "changed while it was read; write to another file and rename it");
}

static int finish(struct relay *relay, int completeness)
{
    muster_end(relay->m, relay->missed ? MUSTER_PARTIAL : completeness);
    return 0;
}

static int read_tab(struct relay *relay, struct rvtools *rvtools, const struct input *input)
{
    int result = rvtools_read(rvtools, input->stream);

    note_change(relay, input);
    return result;
}

static int scan_file(struct relay *relay, const struct input *input)
{
    int completeness = MUSTER_COMPLETE;

    relay->file = base_name(muster_path(relay->m, "path"));
    if (is_too_old(relay->m, input))
        return fail_as_too_old(relay->m, input, relay->file);
    if (find_format(relay->m, input->stream) == JSONL) {
        completeness = jsonl_read(relay, input->stream);
        note_change(relay, input);
    } else {
        struct rvtools *rvtools = rvtools_create(relay);

        completeness = read_tab(relay, rvtools, input) == 0 ? MUSTER_COMPLETE : -1;
        rvtools_destroy(rvtools);
    }
    return completeness < 0 ? -1 : finish(relay, completeness);
}

/* Reads the tab's file of the folder. 0, or -1 after muster_fail(); a folder need not have every tab. */
static int scan_tab(struct relay *relay, struct rvtools *rvtools, int folder, const char *tab)
{
    char name[INPUT_NAME_SIZE];
    struct input input;
    struct err err;
    int result;

    if (!input_find(folder, tab, name, &err))
        return fail(relay->m, &err);
    relay->file = muster_path(relay->m, "path");
    if (name[0] == '\0') {
        relay_miss(relay, NULL, NULL, "no CSV file whose name holds '%s' is in the folder", tab);
        return 0;
    }
    relay->file = muster_fmt(relay->m, "%s", name);
    if (!input_open_in(&input, folder, name, &err))
        return fail(relay->m, &err);
    if (is_too_old(relay->m, &input))
        result = fail_as_too_old(relay->m, &input, name);
    else
        result = read_tab(relay, rvtools, &input);
    input_close(&input);
    return result;
}

static bool has_tab(int folder, const char *tab)
{
    char name[INPUT_NAME_SIZE];

    return !input_find(folder, tab, name, NULL) || name[0] != '\0';
}

static int scan_folder(struct relay *relay, int folder)
{
    struct rvtools *rvtools;
    int result;

    if (strcmp(muster_choice(relay->m, "format"), "jsonl") == 0)
        return muster_fail(relay->m, MUSTER_CONFIG, "%s is a folder, and format jsonl reads one file",
                           muster_path(relay->m, "path"));
    if (!has_tab(folder, "vInfo") && !has_tab(folder, "vHost"))
        return muster_fail(relay->m, MUSTER_UNSUPPORTED,
                           "%s holds neither RVTools_tabvInfo.csv nor RVTools_tabvHost.csv; export to CSV into it",
                           muster_path(relay->m, "path"));
    rvtools = rvtools_create(relay);
    result = scan_tab(relay, rvtools, folder, "vInfo");
    if (result == 0)
        result = scan_tab(relay, rvtools, folder, "vHost");
    rvtools_destroy(rvtools);
    return result == 0 ? finish(relay, MUSTER_COMPLETE) : result;
}

static int scan(struct muster *m)
{
    struct relay relay = { .m = m };
    struct input input;
    struct err err;
    int result;

    if (!input_open(&input, muster_path(m, "path"), &err))
        return fail(m, &err);
    if (input.stream != NULL)
        result = scan_file(&relay, &input);
    else
        result = scan_folder(&relay, input.folder);
    input_close(&input);
    return result;
}

static int check(struct muster *m)
{
    struct input input;
    struct err err;

    if (!input_open(&input, muster_path(m, "path"), &err))
        return fail(m, &err);
    input_close(&input);
    return 0;
}

/* ---------------------------------------------------------------------------------------------------- doctor ---- */

static void tell_age(struct muster *m, const struct input *input, const char *name)
{
    char age[UNIT_TEXT_SIZE];
    const char *detail = muster_fmt(m, "%s was last written %s ago", name, age_text(age_ms(input), age));

    if (is_too_old(m, input))
        muster_step(m, "age", MUSTER_STEP_FAILED, detail, "find out why it is no longer renewed, or raise max_age");
    else
        muster_step(m, "age", MUSTER_STEP_OK, detail, NULL);
}

static void tell_table(struct muster *m, FILE *stream, const char *name)
{
    struct csv *csv = csv_create(stream);
    struct rvtools_table table;
    struct err err;

    if (!csv_read_header(csv, &err) || !rvtools_recognise(&table, csv, &err))
        muster_step(m, "content", MUSTER_STEP_FAILED, muster_fmt(m, "%s: %s", name, err.text),
                    "export with RVTools in English, to CSV; or set format");
    else
        muster_step(m, "content", MUSTER_STEP_OK,
                    muster_fmt(m, "%s is the %s tab of RVTools with %zu columns", name,
                               table.tab == RVTOOLS_TAB_INFO ? "vInfo" : "vHost", csv_column_count(csv)),
                    NULL);
    csv_destroy(csv);
}

static void tell_lines(struct muster *m, FILE *stream, const char *name)
{
    struct err err;

    if (jsonl_look(stream, &err))
        muster_step(m, "content", MUSTER_STEP_OK, muster_fmt(m, "%s starts with a line of JSON as it should", name),
                    NULL);
    else
        muster_step(m, "content", MUSTER_STEP_FAILED, muster_fmt(m, "%s: %s", name, err.text),
                    "write it with muster-plugin-host --once; or set format");
}

static void examine(struct muster *m, const struct input *input, const char *name)
{
    tell_age(m, input, name);
    if (find_format(m, input->stream) == JSONL)
        tell_lines(m, input->stream, name);
    else
        tell_table(m, input->stream, name);
}

static void examine_tab(struct muster *m, int folder, const char *tab)
{
    char name[INPUT_NAME_SIZE] = "";
    struct input input;
    struct err err;

    if (!input_find(folder, tab, name, &err)) {
        muster_step(m, "content", MUSTER_STEP_FAILED, err.text, "keep one export in the folder");
    } else if (name[0] == '\0') {
        muster_step(m, "content", MUSTER_STEP_WARNING, muster_fmt(m, "no CSV file whose name holds '%s'", tab),
                    "export that tab too; without it every scan is partial");
    } else if (!input_open_in(&input, folder, name, &err)) {
        muster_step(m, "content", MUSTER_STEP_FAILED, err.text, "let the user that scans run as read it");
    } else {
        examine(m, &input, name);
        input_close(&input);
    }
}

static int doctor(struct muster *m)
{
    const char *path = muster_path(m, "path");
    struct input input;
    struct err err;

    if (!input_open(&input, path, &err)) {
        muster_step(m, "path", MUSTER_STEP_FAILED, err.text, "correct path, or the rights on it");
        muster_step(m, "content", MUSTER_STEP_SKIPPED, NULL, NULL);
        return 0;
    }
    muster_step(m, "path", MUSTER_STEP_OK,
                muster_fmt(m, "%s is a %s that can be read", path, input.stream != NULL ? "file" : "folder"), NULL);
    if (input.stream != NULL) {
        examine(m, &input, base_name(path));
    } else {
        examine_tab(m, input.folder, "vInfo");
        examine_tab(m, input.folder, "vHost");
    }
    input_close(&input);
    return 0;
}

MUSTER_PLUGIN(.name = "file", .version = "1.0",
              .summary = "reads JSON lines of muster-plugin-host --once, or an RVTools export (vInfo, vHost)",
              .options = options, .kinds = kinds, .check = check, .scan = scan, .doctor = doctor);
