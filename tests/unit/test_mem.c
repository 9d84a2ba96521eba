#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "mem.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void new_memory_is_zeroed(void **state)
{
    unsigned char *memory = mem_new(1000, 4);

    (void)state;
    for (size_t i = 0; i < 4000; i++)
        assert_int_equal(memory[i], 0);
    free(memory);
}

static void grown_memory_keeps_its_content(void **state)
{
    int *numbers = mem_grow(NULL, 2, sizeof *numbers);

    (void)state;
    numbers[0] = 7;
    numbers[1] = 8;
    numbers = mem_grow(numbers, 100000, sizeof *numbers);
    assert_int_equal(numbers[0], 7);
    assert_int_equal(numbers[1], 8);
    numbers[99999] = 9;
    free(numbers);
}

static void nothing_is_memory_too(void **state)
{
    void *memory = mem_new(0, 8);

    (void)state;
    assert_non_null(memory);
    memory = mem_grow(memory, 0, 8);
    assert_non_null(memory);
    memory = mem_grow(memory, 8, 0);
    assert_non_null(memory);
    free(memory);
}

static void a_text_is_copied(void **state)
{
    char text[] = "text";
    char *copy = mem_text(text);

    (void)state;
    text[0] = 'X';
    assert_string_equal(copy, "text");
    free(copy);
}

/* Keeps the compiler from refusing what is too large already while compiling. */
static volatile size_t huge = SIZE_MAX / 2;

static void exhaust(void)
{
    mem_exhausted(1);
}

static void ask_for_too_much(void)
{
    free(mem_new(huge, 1));
}

static void grow_too_much(void)
{
    free(mem_grow(NULL, huge, 1));
}

static void multiply_past_the_end(void)
{
    free(mem_grow(NULL, huge, 16));
}

/* Runs it in a child with standard error in said; returns how the child ended. */
static int run(void (*function)(void), char *said, size_t size)
{
    int ends[2], status;
    ssize_t length;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        function();
        _exit(0);
    }
    close(ends[1]);
    length = read(ends[0], said, size - 1);
    said[length < 0 ? 0 : length] = '\0';
    while (read(ends[0], &(char){ 0 }, 1) > 0)
        continue;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void exhausted_memory_is_said_and_aborts(void **state)
{
    char said[256];
    int status = run(exhaust, said, sizeof said);

    (void)state;
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_string_equal(said, "out of memory: 1 bytes could not be had\n");
}

/* A sanitizer's allocator ends the process in its own way. */
static void what_is_too_much_ends_the_process(void **state)
{
    void (*const functions[])(void) = { ask_for_too_much, grow_too_much, multiply_past_the_end };
    char said[256];

    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        assert_int_not_equal(run(functions[i], said, sizeof said), 0);
        assert_string_not_equal(said, "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_memory_is_zeroed),
        cmocka_unit_test(grown_memory_keeps_its_content),
        cmocka_unit_test(nothing_is_memory_too),
        cmocka_unit_test(a_text_is_copied),
        cmocka_unit_test(exhausted_memory_is_said_and_aborts),
        cmocka_unit_test(what_is_too_much_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
