/* A report into a file that is whole or not there. */
#include "report.h"
#include "whole_file.h"

bool report_write_file(struct query *query, const struct query_report_wish *wish, const struct report_format *format,
                       const char *title, const char *version, const char *path, struct err *err)
{
    struct whole_file file = WHOLE_FILE_EMPTY;
    bool good = whole_file_open(&file, path, err);

    if (good && !report_write(query, wish, format, title, version, file.out, err))
        good = err_add(err, "%s", path);
    good = good && whole_file_keep(&file, path, err);
    whole_file_finish(&file);
    return good;
}
