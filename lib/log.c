#include "log.h"

#include "str.h"
#include "text.h"
#include "utf8.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
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

static void write_line(void *context, enum log_level level, const char *line);

static struct {
    const char *program;
    bool journal;
    enum log_level threshold;
    log_sink *sink;
    void *context;
} the_log = { .program = "muster", .threshold = LOG_LEVEL_INFO, .sink = write_line };

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

void log_init(const char *program)
{
    the_log.program = program;
    the_log.journal = stderr_is_journal();
}

void log_set_level(enum log_level level)
{
    the_log.threshold = level;
}

void log_set_sink(log_sink *sink, void *context)
{
    the_log.sink = sink == NULL ? write_line : sink;
    the_log.context = context;
}

static void write_line(void *context, enum log_level level, const char *line)
{
    char whole[PIPE_BUF];
    int length;

    (void)context;
    if (the_log.journal)
        length = snprintf(whole, sizeof whole, "<%d>%s\n", levels[level].priority, line);
    else
        length = snprintf(whole, sizeof whole, "%.64s: %s: %s\n", the_log.program, levels[level].word, line);
    /* Where the log cannot be written there is nobody to tell. */
    while (write(STDERR_FILENO, whole, (size_t)length) < 0 && errno == EINTR)
        continue;
}

/* Cuts the line at its limit, on the edge of a character. */
static void cut(struct str *line)
{
    line->bytes[TEXT_MAX - sizeof CUT_MARK] = '\0';
    utf8_trim(line->bytes);
    line->length = strlen(line->bytes);
    str_add(line, CUT_MARK);
}

static bool is_level(enum log_level level)
{
    return level >= LOG_LEVEL_DEBUG && level <= LOG_LEVEL_ERROR;
}

void log_vwrite(enum log_level level, const char *format, va_list args)
{
    int saved = errno;
    char text[TEXT_MAX + 1];
    struct str line = STR_EMPTY;

    if (!is_level(level))
        level = LOG_LEVEL_ERROR;
    if (level < the_log.threshold)
        return;
    text[0] = '\0';
    vsnprintf(text, sizeof text, format, args);
    text_line(&line, text);
    if (line.length >= TEXT_MAX)
        cut(&line);
    the_log.sink(the_log.context, level, str_text(&line));
    str_finish(&line);
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
