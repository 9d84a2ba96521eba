/* The documents that verdicts rest on. */
#include "page.h"

#include <string.h>

/* How much of their paths all of them share, up to a slash: where somebody keeps them is not for the reader. A path
 * that is relative, or one of several that have only the root in common, is told whole. */
static size_t shared_folder(const struct query_report_file *files, size_t count)
{
    size_t shared = 0;

    for (size_t at = 0; files[0].file[at] != '\0'; at++) {
        for (size_t i = 1; i < count; i++) {
            if (files[i].file[at] != files[0].file[at])
                return files[0].file[0] == '/' && shared > 1 ? shared : 0;
        }
        if (files[0].file[at] == '/')
            shared = at + 1;
    }
    return 0;
}

/* An upgrade plan does not tell which of them it used. */
static bool is_told(const struct query_report_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (files[i].edition != NULL && files[i].used == NULL)
            return false;
    }
    return true;
}

static void put_use(struct page *page, const struct query_report_file *file)
{
    if (file->edition == NULL)
        page_cell(page, "for all editions");
    else
        page_cell(page, strcmp(file->used, "no") == 0 ? "no: no verdict here rests on it" : "yes");
}

static void put_file(struct page *page, const struct query_report_file *file, size_t shared, bool use)
{
    page_row_open(page);
    page_cell_open(page);
    markup_put(&page->markup, "%s", file->file + shared);
    if (file->page != NULL && file->page[0] != '\0')
        markup_put(&page->markup, "<small><cite>%s</cite></small>", file->page);
    page_cell_close(page);
    page_cell(page, "%s", file->edition == NULL ? "none of the matrix" : file->edition);
    page_cell(page, "%s", file->date == NULL ? "none" : file->date);
    if (use)
        put_use(page, file);
    page_cell(page, "<code>%s</code>", file->sha256 == NULL ? "not recorded" : file->sha256);
    page_row_close(page);
}

void page_files(struct page *page, const struct query_report_file *files, size_t count)
{
    static const struct page_column columns[] = { { "File and page", false }, { "Edition", false }, { "Date", false },
                                                  { "Used", false },          { "SHA-256", false }, { 0 } };
    static const struct page_column without[] = {
        { "File and page", false }, { "Edition", false }, { "Date", false }, { "SHA-256", false }, { 0 }
    };
    size_t shared;
    bool use;

    if (count == 0) {
        markup_put(&page->markup, "<p>No document is recorded: nothing was judged then.</p>\n");
        return;
    }
    shared = shared_folder(files, count);
    use = is_told(files, count);
    markup_put(&page->markup, "<p>The address of a page shows the edition of today; date and hash tell which one was "
                              "used here.</p>\n");
    page_table_open(page, use ? columns : without, "Documents that the verdicts rest on");
    for (size_t i = 0; i < count; i++)
        put_file(page, &files[i], shared, use);
    page_table_close(page);
}
