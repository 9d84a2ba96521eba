#include "log.h"

#include "bucket.h"
#include "clock.h"
#include "json.h"
#include "str.h"
#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CUT_MARK " [cut]"

/* What is left of PIPE_BUF for the message itself when the prefix has its share. */
enum { TEXT_MAX = PIPE_BUF - 128 };

struct level {
    const char *word;
    int priority; /* as syslog counts */
};

static const struct level levels[] = {
    [LOG_LEVEL_DEBUG] = { "debug", 7 },
    [LOG_LEVEL_INFO] = { "info", 6 },
    [LOG_LEVEL_WARNING] = { "warning", 4 },
    [LOG_LEVEL_ERROR] = { "error", 3 },
};

static const char *const formats[] = { [LOG_PLAIN] = "plain", [LOG_JSON] = "json" };

static void write_line(void *context, enum log_level level, const char *line);

static struct {
    const char *program;
    bool journal;
    _Atomic(enum log_level) threshold;
    _Atomic(enum log_format) format;
    const struct clock *clock;
    log_sink *sink;
    void *context;
} the_log = {
    .program = "muster",
    .threshold = LOG_LEVEL_INFO,
    .clock = &clock_system,
    .sink = write_line,
};

static struct {
    pthread_mutex_t lock;
    uint32_t per_second; /* 0: there is no limit */
    struct bucket bucket;
    uint64_t dropped; /* since the last message that passed */
} the_limit = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* The variable is inherited by children whose standard error may be something else: it names the journal's device and
 * inode for that reason. */
static bool stderr_is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    uintmax_t device, inode;
    struct stat status;

    /* NOLINTNEXTLINE(cert-err34-c): a number out of range equals no device and no inode */
    if (stream == NULL || sscanf(stream, "%ju:%ju", &device, &inode) != 2 || fstat(STDERR_FILENO, &status) != 0)
        return false;
    return device == status.st_dev && inode == status.st_ino;
}

static void choose_format(const char *word)
{
    char quoted[TEXT_QUOTE_SIZE];
    enum log_format format;

    if (log_format_named(word, &format))
        log_set_format(format);
    else
        log_warning("MUSTER_LOG_FORMAT is \"%s\" and stays without effect: expected plain or json",
                    text_quote(quoted, word));
}

void log_init(const char *program)
{
    const char *format = getenv("MUSTER_LOG_FORMAT");

    the_log.program = program;
    the_log.journal = stderr_is_journal();
    if (format != NULL)
        choose_format(format);
}

void log_set_level(enum log_level level)
{
    the_log.threshold = level;
}

void log_set_format(enum log_format format)
{
    the_log.format = format;
}

bool log_format_named(const char *word, enum log_format *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i], word) == 0) {
            *format = (enum log_format)i;
            return true;
        }
    }
    return false;
}

void log_set_limit(uint32_t per_second, uint32_t burst)
{
    pthread_mutex_lock(&the_limit.lock);
    the_limit.per_second = per_second;
    bucket_init(&the_limit.bucket, per_second, burst, clock_mono_ms(the_log.clock));
    pthread_mutex_unlock(&the_limit.lock);
}

void log_set_clock(const struct clock *clock)
{
    the_log.clock = clock == NULL ? &clock_system : clock;
}

void log_set_sink(log_sink *sink, void *context)
{
    the_log.sink = sink == NULL ? write_line : sink;
    the_log.context = context;
}

/* Cuts the line to length bytes, on the edge of a character and with the mark. */
static void cut(struct str *line, size_t length)
{
    line->bytes[length - strlen(CUT_MARK)] = '\0';
    utf8_trim(line->bytes);
    line->length = strlen(line->bytes);
    str_add(line, CUT_MARK);
}

/* How many bytes of a line take at most room bytes as JSON: of what a line may hold, that escapes these two only. */
static size_t fitting(const char *line, size_t room)
{
    size_t taken = 0, i;

    for (i = 0; line[i] != '\0'; i++) {
        taken += line[i] == '"' || line[i] == '\\' ? 2 : 1;
        if (taken > room)
            break;
    }
    return i;
}

static void add_message(struct str *out, const char *text, size_t room)
{
    size_t fits = fitting(text, room - strlen("\"\""));
    struct str line = STR_EMPTY;

    str_add(&line, text);
    if (fits < line.length)
        cut(&line, fits);
    json_add_text(out, str_text(&line));
    str_finish(&line);
}

static void add_json(struct str *out, enum log_level level, const char *line)
{
    char time[CLOCK_TEXT_SIZE], program[65];

    snprintf(program, sizeof program, "%s", the_log.program);
    str_format(out, "{\"time\":\"%s\",\"level\":\"%s\",\"program\":", clock_text_ms(clock_wall_ms(the_log.clock), time),
               levels[level].word);
    json_add_text(out, program);
    str_add(out, ",\"message\":");
    add_message(out, line, PIPE_BUF - out->length - strlen("}\n"));
    str_add(out, "}\n");
}

static void write_line(void *context, enum log_level level, const char *line)
{
    struct str whole = STR_EMPTY;

    (void)context;
    if (the_log.journal)
        str_format(&whole, "<%d>", levels[level].priority);
    if (the_log.format == LOG_JSON)
        add_json(&whole, level, line);
    else if (the_log.journal)
        str_format(&whole, "%s\n", line);
    else
        str_format(&whole, "%.64s: %s: %s\n", the_log.program, levels[level].word, line);
    /* Where the log cannot be written there is nobody to tell. */
    while (write(STDERR_FILENO, whole.bytes, whole.length) < 0 && errno == EINTR)
        continue;
    str_finish(&whole);
}

static bool is_level(enum log_level level)
{
    return level >= LOG_LEVEL_DEBUG && level <= LOG_LEVEL_ERROR;
}

static void emit(enum log_level level, const char *text)
{
    struct str line = STR_EMPTY;

    text_line(&line, text);
    if (line.length >= TEXT_MAX)
        cut(&line, TEXT_MAX - 1);
    the_log.sink(the_log.context, level, str_text(&line));
    str_finish(&line);
}

/* Whether one more message passes, and how many before it did not. Telling of those takes a token too, or a flood would
 * come out at twice the rate. */
static bool passes(uint64_t *dropped)
{
    bool good = true;

    pthread_mutex_lock(&the_limit.lock);
    *dropped = the_limit.dropped;
    if (the_limit.per_second > 0)
        good = bucket_take(&the_limit.bucket, clock_mono_ms(the_log.clock), *dropped > 0 ? 2 : 1);
    the_limit.dropped = good ? 0 : *dropped + 1;
    pthread_mutex_unlock(&the_limit.lock);
    return good;
}

/* The message that tells of the dropped ones is written whatever the threshold: they were above it. */
static bool admit(void)
{
    char text[128];
    uint64_t dropped;

    if (!passes(&dropped))
        return false;
    if (dropped > 0) {
        snprintf(text, sizeof text, "%" PRIu64 " message%s dropped: more came than the log takes", dropped,
                 dropped == 1 ? " was" : "s were");
        emit(LOG_LEVEL_WARNING, text);
    }
    return true;
}

void log_vwrite(enum log_level level, const char *format, va_list args)
{
    int saved = errno;
    char text[TEXT_MAX + 1];

    if (!is_level(level))
        level = LOG_LEVEL_ERROR;
    if (level < the_log.threshold)
        return;
    if (admit()) {
        text[0] = '\0';
        errno = saved; /* for %m */
        vsnprintf(text, sizeof text, format, args);
        emit(level, text);
    }
    errno = saved;
}

void log_write(enum log_level level, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_vwrite(level, format, args);
    va_end(args);
}

void log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_vwrite(LOG_LEVEL_ERROR, format, args);
    va_end(args);
}

void log_warning(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_vwrite(LOG_LEVEL_WARNING, format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_vwrite(LOG_LEVEL_INFO, format, args);
    va_end(args);
}

void log_debug(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_vwrite(LOG_LEVEL_DEBUG, format, args);
    va_end(args);
}

const char *log_level_word(enum log_level level)
{
    return levels[is_level(level) ? level : LOG_LEVEL_ERROR].word;
}

enum log_level log_level_named(const char *word)
{
    for (enum log_level level = LOG_LEVEL_DEBUG; level <= LOG_LEVEL_ERROR; level++) {
        if (strcmp(levels[level].word, word) == 0)
            return level;
    }
    return 0;
}
