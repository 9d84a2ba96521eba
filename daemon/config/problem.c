#include "problem.h"

#include "str.h"
#include "text.h"
#include "unit.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void config_problems_init(struct config_problems *problems)
{
    *problems = (struct config_problems){ .list = VEC_EMPTY, .warnings = VEC_EMPTY };
    arena_init(&problems->arena, ARENA_PLAIN);
}

void config_problems_finish(struct config_problems *problems)
{
    vec_finish(&problems->list);
    vec_finish(&problems->warnings);
    arena_finish(&problems->arena);
}

static struct config_problem compose(struct config_problems *problems, struct config_place place, const char *format,
                                     va_list args) __attribute__((format(printf, 3, 0)));

static struct config_problem compose(struct config_problems *problems, struct config_place place, const char *format,
                                     va_list args)
{
    place.file = arena_text(&problems->arena, place.file);
    return (struct config_problem){ place, arena_vformat(&problems->arena, format, args) };
}

void problem_add(struct config_problems *problems, struct config_place place, const char *format, ...)
{
    va_list args;

    if (problems->list.count == CONFIG_MAX_PROBLEMS) {
        problems->left_out++;
        return;
    }
    va_start(args, format);
    vec_push(&problems->list, compose(problems, place, format, args));
    va_end(args);
}

void warning_add(struct config_problems *problems, struct config_place place, const char *format, ...)
{
    va_list args;

    if (problems->warnings.count == CONFIG_MAX_PROBLEMS) {
        problems->warnings_left_out++;
        return;
    }
    va_start(args, format);
    vec_push(&problems->warnings, compose(problems, place, format, args));
    va_end(args);
}

/* A problem on its way to the reader; number keeps those of one line in their order. */
struct shown {
    const struct config_problem *problem;
    const char *word;
    size_t number;
};

static int by_place(const void *a, const void *b)
{
    const struct shown *one = a, *other = b;
    int files = strcmp(one->problem->place.file, other->problem->place.file);

    if (files != 0)
        return files;
    if (one->problem->place.line != other->problem->place.line)
        return one->problem->place.line < other->problem->place.line ? -1 : 1;
    return one->number < other->number ? -1 : 1;
}

/* Names and sentences hold what others wrote: a line of ours stays one line. */
static void add_line(struct str *out, const struct shown *shown)
{
    text_line(out, shown->problem->place.file);
    if (shown->problem->place.line > 0)
        str_format(out, ":%d", shown->problem->place.line);
    str_format(out, ": %s", shown->word);
    text_line(out, shown->problem->text);
    str_add_char(out, '\n');
}

static void add_left_out(struct str *out, size_t count, const char *noun)
{
    char text[COUNT_TEXT_SIZE];

    if (count > 0)
        str_format(out, "and %s\n", count_text(count, noun, text));
}

static void write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDERR_FILENO, bytes, size);

        if (written <= 0)
            return;
        bytes += written;
        size -= (size_t)written;
    }
}

void config_problems_print(const struct config_problems *problems)
{
    struct shown *shown = mem_new(problems->list.count + problems->warnings.count + 1, sizeof *shown);
    struct str out = STR_EMPTY;
    size_t count = 0;

    for (size_t i = 0; i < problems->list.count; i++, count++)
        shown[count] = (struct shown){ &problems->list.items[i], "", count };
    for (size_t i = 0; i < problems->warnings.count; i++, count++)
        shown[count] = (struct shown){ &problems->warnings.items[i], "warning: ", count };
    qsort(shown, count, sizeof *shown, by_place);
    for (size_t i = 0; i < count; i++)
        add_line(&out, &shown[i]);
    add_left_out(&out, problems->left_out, "more problem");
    add_left_out(&out, problems->warnings_left_out, "more warning");
    write_all(str_text(&out), out.length);
    str_finish(&out);
    free(shown);
}
