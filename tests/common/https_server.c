#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "https_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_FACTS 64

static struct fact {
    char name[64], value[256];
} facts[MAX_FACTS];
static size_t fact_count;
static pid_t child;
static FILE *in, *out;

static void start_child(void)
{
    int to[2], from[2];

    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(from, O_CLOEXEC), 0);
    child = fork();
    if (child == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        execl("/usr/bin/python3", "python3", "-B", "https_server.py", (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    in = fdopen(to[1], "w");
    out = fdopen(from[0], "r");
}

void https_server_start(void)
{
    char line[512];

    start_child();
    while (fgets(line, sizeof line, out) != NULL && fact_count < MAX_FACTS) {
        struct fact *fact = &facts[fact_count];

        if (sscanf(line, "%63s %255s", fact->name, fact->value) == 2)
            fact_count++;
        if (strcmp(fact->name, "ready") == 0)
            return;
    }
    fail_msg("https_server.py did not start (openssl and python3 are needed)");
}

void https_server_stop(void)
{
    int status;

    fclose(in);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    fclose(out);
    fact_count = 0;
}

const char *https_server_fact(const char *name)
{
    for (size_t i = 0; i < fact_count; i++) {
        if (strcmp(facts[i].name, name) == 0)
            return facts[i].value;
    }
    fail_msg("https_server.py has no %s", name);
    return "";
}
