#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"

#include <sys/stat.h>

struct archive archive;

const char archive_products[] =
    "products = (\n"
    "  { name = \"mabs-v1\"; title = \"Azure Backup Server v1\"; line = \"mabs\"; support_end = \"2020-01-14\"; },\n"
    "  { name = \"dpm-2016\"; title = \"DPM 2016\"; line = \"dpm\"; },\n"
    "  { name = \"mabs-v2\"; title = \"Azure Backup Server v2\"; line = \"mabs\";\n"
    "    test = { fact = \"backup.version\"; starts = \"12.0\"; }; } );\n"
    "families = (\n"
    "  { name = \"Windows Server\"; group = \"os\"; workloads = [ \"server\", \"hyperv-host\" ]; versions = (\n"
    "    { name = \"Windows Server 2008 SP2\"; base = \"Windows Server 2008\"; level = 2;\n"
    "      test = { fact = \"os.build\"; is = \"6002\"; }; hint = { fact = \"os.name\"; contains = \"2008\"; };\n"
    "      mainstream_end = \"2015-01-13\"; support_end = \"2020-01-14\"; paid_end = \"2023-01-10\"; },\n"
    "    { name = \"Windows Server 2008 R2 SP1\"; base = \"Windows Server 2008 R2\"; level = 1;\n"
    "      test = { fact = \"os.build\"; is = \"7601\"; }; },\n"
    "    { name = \"Windows Storage Server 2012\"; variant_of = \"Windows Server 2012\";\n"
    "      test = { undecided = \"no fact tells\"; }; weak = { fact = \"vm.configured_guest_id\"; is = \"x\"; }; },\n"
    "    { name = \"Windows Server 2012\"; test = { fact = \"os.build\"; is = \"9200\"; }; } ); },\n"
    "  { name = \"SQL Server\"; group = \"sql\"; workloads = [ \"sql\" ]; versions = (\n"
    "    { name = \"SQL Server 2012\"; test = { fact = \"sql.build\"; starts = \"11.0\"; }; } ); },\n"
    "  { name = \"FreeBSD\"; group = \"os\"; versions = (\n"
    "    { name = \"FreeBSD 12\"; test = { fact = \"os.family\"; is = \"freebsd\"; }; } ); } );\n";

int archive_open(void **state)
{
    archive = (struct archive){ .care = SOURCE_TRUSTED };
    return yard_open(state) == 0 && mkdir(yard_path("matrix"), 0755) == 0 ? 0 : -1;
}

int archive_close(void **state)
{
    knowledge_unload(archive.knowledge);
    return yard_close(state);
}

void archive_load_files(void)
{
    knowledge_unload(archive.knowledge);
    config_problems_finish(&yard.problems);
    config_problems_init(&yard.problems);
    archive.knowledge = knowledge_load(yard_path("products.conf"), yard_path("matrix"), archive.care, &yard.problems);
    assert_true((archive.knowledge == NULL) == (yard.problems.list.count > 0));
}

void archive_load(const char *text)
{
    yard_write("products.conf", archive_products);
    yard_write("matrix/a.conf", text);
    archive_load_files();
}

void archive_load_products(const char *text)
{
    yard_write("products.conf", text);
    yard_write("matrix/a.conf", "rulings = ( );\n");
    archive_load_files();
}

void archive_loads(void)
{
    if (archive.knowledge != NULL)
        return;
    config_problems_print(&yard.problems);
    fail_msg("not loaded");
}
