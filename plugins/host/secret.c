#include "secret.h"

#include "option.h"
#include "trust.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads one line byte by byte, so that nothing of the secret stays in a buffer of the C library. */
static const char *read_line(int descriptor, struct arena *arena, struct err *err)
{
    char line[OPTION_MAX_TEXT];
    size_t size = 0;
    const char *secret;

    while (size < sizeof line && read(descriptor, line + size, 1) == 1 && line[size] != '\n')
        size++;
    if (size > 0 && size < sizeof line && line[size - 1] == '\r')
        size--;
    secret = arena_bytes(arena, line, size == sizeof line ? 0 : size);
    explicit_bzero(line, sizeof line);
    if (size == 0 || size == sizeof line) {
        err_set(err, ERR_CONFIG, size == 0 ? "the secret is empty" : "the secret is longer than %d bytes",
                OPTION_MAX_TEXT);
        return NULL;
    }
    return secret;
}

const char *secret_from_file(const char *path, struct arena *arena, struct err *err)
{
    const char *secret = NULL;
    int file;

    if (!trust_private(path, err))
        return NULL;
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        err_system(err, "%s", path);
        return NULL;
    }
    secret = read_line(file, arena, err);
    close(file);
    if (secret == NULL)
        err_add(err, "%s", path);
    return secret;
}

const char *secret_from_terminal(const char *name, struct arena *arena, struct err *err)
{
    int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    struct termios before, quiet;
    const char *secret;

    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        err_set(err, ERR_CONFIG, "it is needed, and there is no terminal to ask on: give %s_file=FILE", name);
        if (terminal >= 0)
            close(terminal);
        return NULL;
    }
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(terminal, TCSAFLUSH, &quiet);
    dprintf(terminal, "%s: ", name);
    secret = read_line(terminal, arena, err);
    tcsetattr(terminal, TCSAFLUSH, &before);
    dprintf(terminal, "\n");
    close(terminal);
    return secret;
}
