#include "input.h"

#include "text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static bool open_failed(const char *name, struct err *err)
{
    if (errno == ENOENT)
        return err_set(err, ERR_UNREACHABLE, "%s does not exist", name);
    if (errno == EACCES || errno == EPERM)
        return err_set(err, ERR_UNREACHABLE, "%s cannot be opened: %m; let the user that scans run as read it", name);
    if (errno == ELOOP)
        return err_set(err, ERR_UNSUPPORTED, "%s is a symbolic link in a folder, which is not followed", name);
    return err_set(err, ERR_UNREACHABLE, "%s cannot be opened: %m", name);
}

static bool check_file(const struct input *input, const char *name, struct err *err)
{
    if (!S_ISREG(input->before.st_mode))
        return err_set(err, ERR_UNSUPPORTED, "%s is neither a regular file nor a folder", name);
    if (input->before.st_size > INPUT_MAX_SIZE)
        return err_set(err, ERR_UNSUPPORTED, "%s has %lld bytes, and %lld are the limit; split it", name,
                       (long long)input->before.st_size, (long long)INPUT_MAX_SIZE);
    return true;
}

/* Takes the descriptor over. */
static bool take(struct input *input, int fd, const char *name, struct err *err)
{
    if (fstat(fd, &input->before) != 0) {
        err_set(err, ERR_UNREACHABLE, "%s cannot be looked at: %m", name);
        close(fd);
        return false;
    }
    if (S_ISDIR(input->before.st_mode)) {
        input->folder = fd;
        return true;
    }
    if (check_file(input, name, err))
        input->stream = fdopen(fd, "r");
    if (input->stream == NULL)
        close(fd);
    return input->stream != NULL;
}

bool input_open(struct input *input, const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    *input = (struct input){ .folder = -1 };
    return fd < 0 ? open_failed(path, err) : take(input, fd, path, err);
}

bool input_open_in(struct input *input, int folder, const char *name, struct err *err)
{
    int fd = openat(folder, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);

    *input = (struct input){ .folder = -1 };
    if (fd < 0)
        return open_failed(name, err);
    if (!take(input, fd, name, err))
        return false;
    if (input->stream != NULL)
        return true;
    input_close(input);
    return err_set(err, ERR_UNSUPPORTED, "%s is a folder, not a file", name);
}

bool input_changed(const struct input *input)
{
    const struct stat *before = &input->before;
    struct stat now;

    return fstat(fileno(input->stream), &now) != 0 || now.st_size != before->st_size ||
           now.st_mtim.tv_sec != before->st_mtim.tv_sec || now.st_mtim.tv_nsec != before->st_mtim.tv_nsec;
}

void input_close(struct input *input)
{
    if (input->stream != NULL)
        fclose(input->stream);
    if (input->folder >= 0)
        close(input->folder);
    *input = (struct input){ .folder = -1 };
}

static bool is_wanted(const char *name, const char *word)
{
    size_t length = strlen(name);

    return length > 4 && length < INPUT_NAME_SIZE && strcasecmp(name + length - 4, ".csv") == 0 &&
           strcasestr(name, word) != NULL;
}

static bool find_in(DIR *entries, const char *word, char name[INPUT_NAME_SIZE], struct err *err)
{
    char first[TEXT_QUOTE_SIZE], second[TEXT_QUOTE_SIZE];
    const struct dirent *entry;
    int count = 0;

    while ((entry = readdir(entries)) != NULL) {
        if (count++ == INPUT_MAX_ENTRIES)
            return err_set(err, ERR_UNSUPPORTED, "the folder has more than %d entries; give one that holds the export",
                           INPUT_MAX_ENTRIES);
        if (!is_wanted(entry->d_name, word))
            continue;
        if (name[0] != '\0')
            return err_set(err, ERR_UNSUPPORTED,
                           "the folder holds two %s files, %s and %s; keep one export in it, or name a file", word,
                           text_quote(first, name), text_quote(second, entry->d_name));
        memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
    }
    return true;
}

bool input_find(int folder, const char *word, char name[INPUT_NAME_SIZE], struct err *err)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    bool found;

    name[0] = '\0';
    if (entries == NULL) {
        err_set(err, ERR_UNREACHABLE, "the folder cannot be listed: %m");
        if (fd >= 0)
            close(fd);
        return false;
    }
    found = find_in(entries, word, name, err);
    closedir(entries);
    return found;
}
