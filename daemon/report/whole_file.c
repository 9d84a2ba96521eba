#include "whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0640

static void name_file(struct whole_file *file, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;

    str_add_bytes(&file->folder, path, length);
    str_format(&file->path, "%s.%s.XXXXXX", str_text(&file->folder), path + length);
    if (length == 0)
        str_add(&file->folder, ".");
}

bool whole_file_open(struct whole_file *file, const char *path, struct err *err)
{
    int descriptor;

    name_file(file, path);
    descriptor = mkostemp(file->path.bytes, O_CLOEXEC);
    if (descriptor < 0) {
        str_clear(&file->path);
        return err_system(err, "the report %s cannot be written: no file can be made in its folder", path);
    }
    file->out = fdopen(descriptor, "w");
    if (file->out != NULL && fchmod(descriptor, MODE) == 0)
        return true;
    err_system(err, "the report %s cannot be written", path);
    if (file->out == NULL)
        close(descriptor);
    return false;
}

/* Its name has changed for good when the folder says so on the disk. Where that cannot be asked for, it will soon be.
 */
static void sync_folder(const struct whole_file *file)
{
    int folder = open(str_text(&file->folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return;
    fsync(folder);
    close(folder);
}

/* What was there before is replaced only by what a loss of power cannot take away. */
bool whole_file_keep(struct whole_file *file, const char *path, struct err *err)
{
    bool good = fflush(file->out) == 0 && fsync(fileno(file->out)) == 0;

    if (fclose(file->out) != 0)
        good = false;
    file->out = NULL;
    if (!good || rename(str_text(&file->path), path) != 0)
        return err_system(err, "the report %s cannot be written", path);
    str_clear(&file->path);
    sync_folder(file);
    return true;
}

void whole_file_finish(struct whole_file *file)
{
    if (file->out != NULL)
        fclose(file->out);
    if (file->path.length > 0)
        unlink(str_text(&file->path));
    str_finish(&file->path);
    str_finish(&file->folder);
}
