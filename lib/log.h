/* The log, the only global of the tree. A message is one line, whatever was put into it: control characters and
 * invalid bytes are escaped (text_line in text.h), and what is too long is cut, with " [cut]" at its end.
 *
 *     log_init("musterd");
 *     log_warning("%s: no answer, next try in %s", target, wait);
 *
 * Goes to standard error with a single write(2) of at most PIPE_BUF bytes, so that lines of several processes do not
 * mix: as "musterd: warning: ..." or, where standard error is the journal (JOURNAL_STREAM), as "<4>...". As JSON it is
 *
 *     {"time":"2026-11-22T08:36:14.250Z","level":"warning","program":"musterd","message":"..."}
 *
 * with the priority in front for the journal, which takes it off again. The message is the same text in both forms, fit
 * to be shown.
 *
 * Messages may come from any thread, and level, format and limit may be changed meanwhile; program, sink and clock are
 * set before there is a second thread. errno stays as it was. */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

struct clock;

/* The numbers are those of enum muster_level in plugins/muster_plugin.h. */
enum log_level { LOG_LEVEL_DEBUG = 1, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

enum log_format { LOG_PLAIN, LOG_JSON };

/* Names the program (kept, not copied) and looks at the environment: MUSTER_LOG_FORMAT=json chooses JSON, so that a
 * program that sets it gives its children the same form; a word that is no format is warned of. */
void log_init(const char *program);

/* Messages below the level are left out. At the start it is info. */
void log_set_level(enum log_level level);

void log_set_format(enum log_format format);

/* The format of a word, "plain" or "json"; false where there is none such. */
bool log_format_named(const char *word, enum log_format *format);

/* At most so many messages a second, errors too, and so many at once after a pause (bucket.h). Those beyond it are
 * dropped; the next one that passes has a warning before it, "N messages were dropped: ...", which counts as a message
 * itself. per_second 0, as at the start: no limit. */
void log_set_limit(uint32_t per_second, uint32_t burst);

/* Where the time comes from. NULL: from the system again. Called before log_set_limit(). */
void log_set_clock(const struct clock *clock);

/* Where messages go instead; line is one line without prefix and newline. The sink is called by whatever thread has a
 * message, and writes none of its own. NULL: to standard error again. */
typedef void log_sink(void *context, enum log_level level, const char *line);
void log_set_sink(log_sink *sink, void *context);

void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The general form; a number that is no level counts as error. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_vwrite(enum log_level level, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* The level as its word ("warning"), and the level of a word; 0 where there is none such. */
const char *log_level_word(enum log_level level);
enum log_level log_level_named(const char *word);

#endif
