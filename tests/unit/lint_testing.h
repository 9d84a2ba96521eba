/* What the tests of lint have in common: findings as lines. */
#ifndef LINT_TESTING_H
#define LINT_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "matrix_lint.h"
#include "matrix_sample.h"
#include "str.h"

#include <string.h>

static struct arena arena;

static inline int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_PLAIN);
    return 0;
}

static inline int finish(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static inline void add_finding(struct str *out, const struct lint_finding *finding)
{
    str_format(out, "%s %s", finding->edition == NULL ? "-" : finding->edition, lint_kind_word(finding->kind));
    for (size_t i = 0; i < finding->row_count; i++)
        str_format(out, "%c%d", i == 0 ? ' ' : ',', finding->rows[i]);
    str_format(out, " %s:%d %s\n", finding->file == NULL ? "-" : finding->file, finding->line, finding->text);
}

/* All findings but those about products without an edition, which only one test has all editions for. */
static inline void assert_lint(const struct matrix *matrix, const char *lines)
{
    const struct lint_finding *findings;
    size_t count = matrix_lint(matrix, &arena, &findings);
    struct str out = STR_EMPTY;

    for (size_t i = 0; i < count; i++) {
        if (strstr(findings[i].text, " in no edition") == NULL)
            add_finding(&out, &findings[i]);
    }
    assert_string_equal(str_text(&out), lines);
    str_finish(&out);
}

static const struct test always = { .type = TEST_UNDECIDED };

#endif
