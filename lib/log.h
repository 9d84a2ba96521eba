/* The log, the only global of the tree. A message is one line, whatever was put into it: control characters and
 * invalid bytes are escaped (text_line in text.h), and what is too long is cut, with " [cut]" at its end.
 *
 *     log_init("musterd");
 *     log_warning("%s: no answer, next try in %s", target, wait);
 *
 * Goes to standard error with a single write(2) of at most PIPE_BUF bytes, so that lines of several processes do not
 * mix: as "musterd: warning: ..." or, where standard error is the journal (JOURNAL_STREAM), as "<4>...".
 * Messages may come from any thread; the settings are made before there is a second one. errno stays as it was. */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>

/* The numbers are those of enum muster_level in plugins/muster_plugin.h. */
enum log_level { LOG_LEVEL_DEBUG = 1, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

/* Names the program (kept, not copied) and looks at the environment. */
void log_init(const char *program);

/* Messages below the level are dropped. At the start it is info. */
void log_set_level(enum log_level level);

/* Where messages go instead; line is one line without prefix and newline. NULL: to standard error again. */
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
