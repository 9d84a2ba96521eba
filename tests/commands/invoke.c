#include "invoke.h"

#include "mem.h"
#include "str.h"
#include "vec.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORDS 30

static char *read_all(FILE *file)
{
    struct str text = STR_EMPTY;
    char piece[4096];
    size_t size;
    char *all;

    rewind(file);
    while ((size = fread(piece, 1, sizeof piece, file)) > 0)
        str_add_bytes(&text, piece, size);
    all = mem_text(str_text(&text));
    str_finish(&text);
    fclose(file);
    return all;
}

static _Noreturn void become(FILE *out, FILE *err, const char *config, const char *const *words)
{
    char *arguments[MOST_WORDS + 2] = { MUSTER_PROGRAM };

    for (size_t i = 0; i < MOST_WORDS && words[i] != NULL; i++)
        arguments[i + 1] = mem_text(words[i]);
    clearenv();
    if (config != NULL)
        setenv("MUSTER_CONFIG", config, 1);
    if (dup2(fileno(out), STDOUT_FILENO) < 0 || dup2(fileno(err), STDERR_FILENO) < 0)
        _exit(126);
    execv(MUSTER_PROGRAM, arguments);
    _exit(127);
}

void invoke(struct invoked *invoked, const char *config, const char *const *words)
{
    FILE *out = tmpfile(), *err = tmpfile();
    int status;
    pid_t pid;

    if (out == NULL || err == NULL)
        abort();
    pid = fork();
    if (pid == 0)
        become(out, err, config, words);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    invoked->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    invoked->out = read_all(out);
    invoked->err = read_all(err);
}

void invoke_finish(struct invoked *invoked)
{
    free(invoked->out);
    free(invoked->err);
    *invoked = (struct invoked){ 0 };
}
