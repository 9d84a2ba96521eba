/* A report into a file that is whole or not there. */
#include "report.h"

#include "str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE 0640

/* The file under another name until it is whole. The name begins with a full stop, so that whoever looks for reports
 * does not find what a death in the middle leaves. */
struct draft {
    struct str folder, path;
    FILE *out;
};

static void name_draft(struct draft *draft, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;

    str_add_bytes(&draft->folder, path, length);
    str_format(&draft->path, "%s.%s.XXXXXX", str_text(&draft->folder), path + length);
    if (length == 0)
        str_add(&draft->folder, ".");
}

static bool open_draft(struct draft *draft, const char *path, struct err *err)
{
    int descriptor;

    name_draft(draft, path);
    descriptor = mkostemp(draft->path.bytes, O_CLOEXEC);
    if (descriptor < 0) {
        str_clear(&draft->path);
        return err_system(err, "the report %s cannot be written: no file can be made in its folder", path);
    }
    draft->out = fdopen(descriptor, "w");
    if (draft->out != NULL && fchmod(descriptor, MODE) == 0)
        return true;
    err_system(err, "the report %s cannot be written", path);
    if (draft->out == NULL)
        close(descriptor);
    return false;
}

/* What was there before is replaced only by what a loss of power cannot take away. */
static bool keep_draft(struct draft *draft, const char *path, struct err *err)
{
    bool good = fflush(draft->out) == 0 && fsync(fileno(draft->out)) == 0;

    if (fclose(draft->out) != 0)
        good = false;
    draft->out = NULL;
    if (!good || rename(str_text(&draft->path), path) != 0)
        return err_system(err, "the report %s cannot be written", path);
    str_clear(&draft->path);
    return true;
}

/* Its name has changed for good when the folder says so on the disk. Where that cannot be asked for, it will soon be.
 */
static void sync_folder(const struct draft *draft)
{
    int folder = open(str_text(&draft->folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return;
    fsync(folder);
    close(folder);
}

static void finish(struct draft *draft)
{
    if (draft->out != NULL)
        fclose(draft->out);
    if (draft->path.length > 0)
        unlink(str_text(&draft->path));
    str_finish(&draft->path);
    str_finish(&draft->folder);
}

bool report_write_file(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                       const char *title, const char *version, const char *path, struct err *err)
{
    struct draft draft = { .folder = STR_EMPTY, .path = STR_EMPTY };
    bool good = open_draft(&draft, path, err);

    if (good && !report_write(query, wish, format, title, version, draft.out, err))
        good = err_add(err, "%s", path);
    good = good && keep_draft(&draft, path, err);
    if (good)
        sync_folder(&draft);
    finish(&draft);
    return good;
}
