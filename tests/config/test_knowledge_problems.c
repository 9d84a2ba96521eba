/* Knowledge that is wrong: each problem alone, at its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "archive.h"
#include "str.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define C "{ name = \"R5\"; text = \"t\"; test = { undecided = \"u\"; }; }"
#define WHO "who = \"J\"; basis = \"b\"; review = \"2999-01-01\"; "
#define NEVER "undecided = \"u\";"

/* An edition and the text behind it, which starts on line 7. */
static void refused(const char *text, int line, const char *sentence)
{
    struct str whole = STR_EMPTY;

    str_format(&whole, "%s%s", ARCHIVE_EDITION, text);
    archive_load(str_text(&whole));
    yard_has_in("matrix/a.conf", line, sentence);
    yard_count(1);
    str_finish(&whole);
}

/* A row in which one key is replaced: its line is 9, the group's 8. */
static void refused_row(const char *key, const char *setting, int line, const char *sentence)
{
    static const char *const keys[][2] = {
        { "row", "row = 14;" },
        { "workload", "workload = \"server\";" },
        { "versions", "versions = [ \"Windows Server 2012\" ];" },
        { "installations", "installations = [ \"physical\" ];" },
        { "answers", "answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } );" },
        { "protects", "protects = [ \"volume\" ];" },
        { "conditions", "conditions = [ \"R5\" ];" },
    };
    struct str text = STR_EMPTY;

    str_add(&text, "conditions = ( " C " ); rows = (\n{\n");
    str_format(&text, "%s\n", setting);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        str_add(&text, strcmp(keys[i][0], key) == 0 ? "" : keys[i][1]);
    str_add(&text, "\n} );\n");
    refused(str_text(&text), line, sentence);
    str_finish(&text);
}

static void a_row_names_what_there_is(void **state)
{
    (void)state;
    refused_row("row", "row = 0;", 9, "row: 0 is out of bounds: 1 to 100000 is possible");
    refused_row("row", "row = \"1\";", 9, "row: expected a whole number");
    refused_row("row", "", 8, "a row has no row; add: row = 1;");
    refused_row("workload", "workload = \"serer\";", 9, "workload: \"serer\" is none of client, server");
    refused_row("versions", "versions = [\n\"Windows Server 2021\" ];", 9,
                "versions: there is no version \"Windows Server 2021\" in products.conf for the workload server; the "
                "nearest is \"Windows Server 2012\"");
    refused_row("versions", "versions = [ \"SQL Server 2012\" ];", 9, "for the workload server");
    refused_row("versions", "versions = \"Windows Server 2012\";", 9, "versions: expected a list of texts");
    refused_row("versions", "versions = [ ];", 9, "versions: a row without any says nothing");
    refused_row("versions", "", 8, "a row has no versions; add: versions = [ \"...\" ];");
    refused_row("installations", "installations = [ \"physical\",\n\"hyper-v-vm\" ];", 10,
                "installations: \"hyper-v-vm\" is none of physical, hyperv-vm");
    refused_row("installations", "installations = [ ];", 9, "installations: a row without any says nothing");
    refused_row("protects", "protects = [ \"volumes\" ];", 9, "the nearest is volume");
    refused_row("recovers", "recovers = [ \"fil\" ];", 9, "the nearest is file");
    refused_row("conditions", "conditions = [ \"R6\" ];", 9,
                "conditions: there is no condition \"R6\"; the nearest is \"R5\"");
    refused_row("note", "note = \"\";", 9, "note: it is empty");
    refused_row("remark", "remark = \"x\";", 9, "remark: a row has no such key");
}

static void an_answer_is_one_of_three(void **state)
{
    (void)state;
    refused_row("answers", "answers = ( { product = \"mabs-v1\";\nanswer = \"yess\"; } );", 10,
                "answer: \"yess\" is none of no, yes, deprecated; the nearest is yes");
    refused_row("answers", "answers = (\n{ product = \"mabs-v3\"; answer = \"yes\"; } );", 10,
                "product: there is no product \"mabs-v3\" in products.conf; the nearest is \"mabs-v1\"");
    refused_row("answers", "answers = (\n{ product = \"dpm-2016\"; answer = \"yes\"; } );", 10,
                "product: there is no product \"dpm-2016\" in this edition");
    refused_row("answers", "answers = (\n{ answer = \"yes\"; } );", 10, "an answer has no product");
    refused_row("answers", "answers = ( { product = \"mabs-v1\"; answer = \"yes\";\nconditions = [ \"X\" ]; } );", 10,
                "conditions: there is no condition \"X\"");
    refused_row("answers", "answers = ( );", 9, "answers: 0 answers, where 1 to 64 are possible");
    refused_row("answers", "answers = [ ];", 9, "answers: expected a list of groups");
    refused_row("answers", "answers = ( \"yes\" );", 9, "answers: expected a group");
    refused_row("answers", "", 8, "a row has no answers; add: answers = ( { ... } );");
}

#define ROW(number, installation, product)                                                                             \
    "{ row = " number "; workload = \"server\"; versions = [ \"Windows Server 2012\" ]; installations = [ "            \
    "\"" installation "\" ]; answers = ( { product = \"" product "\"; answer = \"yes\"; } ); }"

static void a_row_answers_once_for_each_key(void **state)
{
    (void)state;
    refused("rows = (\n" ROW("1", "physical", "mabs-v1") ",\n" ROW("1", "physical", "mabs-v1") " );\n", 9,
            "row 1 has its answer for Windows Server 2012, physical, mabs-v1 already at ");
    refused(
        "rows = (\n{ row = 2; workload = \"server\"; versions = [ \"Windows Server 2012\", \"WINDOWS Server 2012\" ];\n"
        "installations = [ \"physical\" ]; answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } ); } );",
        8, "row 2 has its answer for Windows Server 2012");
    archive_load(ARCHIVE_EDITION "rows = (" ROW("1", "physical", "mabs-v1") "," ROW("1", "physical", "mabs-v2") "," ROW(
        "1", "hyperv-vm", "mabs-v1") "," ROW("2", "physical", "mabs-v1") ");");
    archive_loads();
}

static void what_is_wrong_with_a_row_of_two_answers_is_told_once(void **state)
{
    (void)state;
    refused(
        "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\" ]; installations = [ "
        "\"physical\" ];\nanswers = ( { product = \"mabs-v1\"; answer = \"yes\"; }, { product = \"mabs-v2\"; answer = "
        "\"no\"; } );\nconditions = [ \"R6\" ]; } );",
        9, "conditions: there is no condition \"R6\"");
}

static void conditions_are_counted(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, "conditions = [ \"R5\"");
    for (int i = 0; i < KNOWLEDGE_MAX_CONDITIONS; i++)
        str_add(&text, ", \"R5\"");
    str_add(&text, " ];");
    refused_row("conditions", str_text(&text), 9, "conditions: 65 of them, where 64 are possible");
    str_finish(&text);
}

static void each_workload_says_where_it_is_read(void **state)
{
    (void)state;
    archive_load("edition = \"e\"; title = \"t\"; page = \"p\"; date = \"2018-01-01\"; products = [ \"mabs-v1\" ];\n"
                 "levels = \"exact\"; absence = \"unlisted\"; prose = \"encoded\";\n"
                 "installation_of = ( { workloads = [ \"sql\" ]; where = \"workload\"; } ); rows = (\n" ROW(
                     "1", "physical", "mabs-v1") ");\n");
    yard_has_in("matrix/a.conf", 4, "installation_of does not say where server is read; add it to: workloads");
    yard_count(1);
    archive_load("edition = \"e\"; title = \"t\"; page = \"p\"; date = \"2018-01-01\"; products = [ \"mabs-v1\" ];\n"
                 "levels = \"exact\"; absence = \"unlisted\"; prose = \"encoded\"; installation_of = (\n"
                 "{ workloads = [ \"sql\" ]; where = \"workload\"; },\n"
                 "{ workloads = [ \"sqll\" ]; where = \"there\"; },\n"
                 "{ workloads = [ \"sql\" ]; where = \"backup-server\"; },\n{ } );\n");
    yard_has_in("matrix/a.conf", 4, "workloads: \"sqll\" is none of");
    yard_has_in("matrix/a.conf", 4, "where: \"there\" is none of workload, backup-server");
    yard_has_in("matrix/a.conf", 5, "workload sql stands in installation_of twice");
    yard_has_in("matrix/a.conf", 6, "an entry of installation_of has no workloads; add: workloads = [ \"server\" ];");
    yard_has_in("matrix/a.conf", 6, "an entry of installation_of has no where");
    yard_count(5);
}

static void an_edition_says_where_it_comes_from(void **state)
{
    static const char *const keys[] = { "title",  "page",    "date",  "products",
                                        "levels", "absence", "prose", "installation_of" };
    char sentence[64];

    (void)state;
    archive_load("\nedition = \"e\";");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        snprintf(sentence, sizeof sentence, "an edition has no %s; add: %s = ", keys[i], keys[i]);
        yard_has_in("matrix/a.conf", 2, sentence);
    }
    yard_count(8);
    archive_load("title = \"t\";\nrows = ( );");
    yard_has_in("matrix/a.conf", 1, "title: only an edition has it; name the edition in this file");
    yard_has_in("matrix/a.conf", 2, "rows: only an edition has it");
    yard_count(2);
    archive_load("edition = \"e\"; title = \"t\"; page = \"p\";\ndate = \"2018-02-30\";\nproducts = [ \"mabs-v9\" ];\n"
                 "levels = \"exactly\";\nabsence = \"no\";\nprose = 1; installation_of = ( );\nversion = 1;");
    yard_has_in("matrix/a.conf", 2, "date: \"2018-02-30\" is no day; write year, month and day");
    yard_has_in("matrix/a.conf", 3, "products: there is no product \"mabs-v9\" in products.conf");
    yard_has_in("matrix/a.conf", 4, "levels: \"exactly\" is none of exact, at-least; the nearest is exact");
    yard_has_in("matrix/a.conf", 5, "absence: \"no\" is none of unlisted, unsupported");
    yard_has_in("matrix/a.conf", 6, "prose: expected a word in quotes");
    yard_has_in("matrix/a.conf", 7, "a file of matrix/ has no such key");
    yard_count(6);
}

static void a_product_and_a_name_are_one_editions_alone(void **state)
{
    (void)state;
    yard_write("matrix/b.conf", "\n" ARCHIVE_EDITION);
    archive_load(ARCHIVE_EDITION);
    yard_has_in("matrix/b.conf", 2, "an edition \"seed\" is already at ");
    yard_has_in("matrix/b.conf", 3, "an edition with the product \"mabs-v2\" is already at ");
    yard_has_in("matrix/b.conf", 3, "an edition with the product \"mabs-v1\" is already at ");
    yard_count(3);
}

static void a_condition_is_defined_once(void **state)
{
    (void)state;
    refused("conditions = ( " C ",\n" C " );", 8, "a condition \"R5\" is already at ");
    yard_write("matrix/b.conf", "conditions = ( " C " );");
    archive_load("conditions = ( " C " );");
    yard_has_in("matrix/b.conf", 1, "a condition \"R5\" is already at ");
    yard_count(1);
}

#define WITH(more) "conditions = ( { name = \"R5\"; text = \"t\"; test = { " NEVER " }; " more " } );"

static void a_condition_says_what_it_means(void **state)
{
    (void)state;
    refused("conditions = ( { name = \"R5\"; text = \"t\"; } );", 7, "a condition has no test; add: test = { fact = ");
    refused("conditions = ( { name = \"R5\"; test = { " NEVER " }; } );", 7, "a condition has no text");
    refused("conditions = ( { text = \"t\"; test = { " NEVER " }; } );", 7, "a condition has no name");
    refused(WITH("\neffect = \"rows\";"), 8, "effect: \"rows\" is none of verdict, row, scope; the nearest is row");
    refused(WITH("\nmissing = \"no\";"), 8, "missing: \"no\" is none of conditional, footnote");
    refused(WITH("\nstep = \"upgrades\";"), 8,
            "step: \"upgrades\" is none of update, service-pack, method, file-system, product, upgrade, other");
    refused(WITH("\nof = \"protect\";"), 8, "of: \"protect\" is none of asked, protected; the nearest is protected");
    refused(WITH("effect = \"scope\";"), 7, "says what is not covered; add: omits = \"...\";");
    refused(WITH("omits = \"x\";"), 7, "omits: only a condition with effect = \"scope\"");
}

static void a_ruling_is_for_a_key_that_exists(void **state)
{
    (void)state;
    refused("rulings = ( {\nproduct = \"mabs-v1\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; who = \"J\"; basis = \"b\"; } );",
            7, "a ruling has no review; add: review = ");
    refused("rulings = ( { product = \"mabs-v7\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; " WHO "} );",
            7, "product: there is no product \"mabs-v7\" in products.conf");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"sql\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; " WHO "} );",
            7, "version: there is no version \"Windows Server 2012\" in products.conf for the workload sql");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"servers\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; " WHO "} );",
            7, "workload: \"servers\" is none of");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"ja\"; " WHO "} );",
            7, "answer: \"ja\" is none of no, yes, deprecated");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; installation = \"cloud\"; " WHO "} );",
            7, "installation: \"cloud\" is none of physical");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; who = \"J\"; review = \"2999-01-01\"; } );",
            7, "a ruling has no basis");
    refused("rulings = ( { product = \"mabs-v1\"; workload = \"server\"; version = \"Windows Server 2012\"; answer = "
            "\"yes\"; who = \"J\"; basis = \"b\"; review = \"30-06-2027\"; } );",
            7, "review: \"30-06-2027\" is no day; write year, month and day, such as \"2027-06-30\"");
    refused(
        "rulings = ( { product = \"mabs-v1\"; workload = \"sql\"; version = \"SQL Server 2012\"; answer = \"yes\"; " WHO
        "},\n{ product = \"mabs-v1\"; workload = \"sql\"; version = \"sql server 2012\"; answer = \"no\"; " WHO "} );",
        8, "there is a ruling for the same key at ");
}

static void an_attestation_is_of_a_footnote(void **state)
{
    (void)state;
    refused("attestations = ( { condition = \"R6\"; who = \"J\"; until = \"2999-01-01\"; } ); conditions = ( " C " );",
            7, "condition: there is no condition with the id \"R6\"; the nearest is \"R5\"");
    refused("conditions = ( " C " );\nattestations = ( { condition = \"R5\"; who = \"J\"; until = \"2999-01-01\"; } );",
            8, "condition: \"R5\" is decided by facts and cannot be attested");
    refused("attestations = ( { condition = \"n\"; who = \"J\"; until = \"2999-01-01\"; } ); conditions = ( { name = "
            "\"n\"; id = \"i\"; text = \"t\"; missing = \"footnote\"; test = { " NEVER " }; } );",
            7, "there is no condition with the id \"n\"");
    refused("conditions = ( { name = \"n\"; text = \"t\"; missing = \"footnote\"; test = { " NEVER " }; } );\n"
            "attestations = ( { condition = \"n\"; who = \"J\"; } );",
            8, "an attestation has no until");
    refused(
        "conditions = ( { name = \"n\"; text = \"t\"; missing = \"footnote\"; test = { " NEVER " }; } );\n"
        "attestations = ( { condition = \"n\"; who = \"J\"; until = \"2999-01-01\"; where = { kind = \"vn\"; }; } );",
        8, "kind: \"vn\" is none of");
}

static void one_footnote_of_an_id_is_enough(void **state)
{
    (void)state;
    archive_load("attestations = ( { condition = \"i\"; who = \"J\"; until = \"2999-01-01\"; } );\n"
                 "conditions = ( { name = \"a\"; id = \"i\"; text = \"t\"; test = { " NEVER " }; },\n"
                 "{ name = \"b\"; id = \"i\"; text = \"t\"; missing = \"footnote\"; test = { " NEVER " }; },\n"
                 "{ name = \"c\"; id = \"i\"; text = \"t\"; test = { " NEVER " }; } );");
    archive_loads();
}

static void what_has_lapsed_is_warned_of(void **state)
{
    (void)state;
    archive_load(
        "conditions = ( { name = \"n\"; text = \"t\"; missing = \"footnote\"; test = { " NEVER " }; } );\n"
        "attestations = ( { condition = \"n\"; who = \"J\"; until = \"2020-02-29\"; } );\n"
        "rulings = ( { product = \"mabs-v1\"; workload = \"sql\"; version = \"SQL Server 2012\"; answer = \"yes\";\n"
        "who = \"J\"; basis = \"b\"; review = \"2020-01-01\"; } );");
    archive_loads();
    yard_count_warnings(2);
    assert_true(yard_says("this attestation lapsed with the end of 2020-02-29; look at it again"));
    assert_true(yard_says("this ruling lapsed with the end of 2020-01-01"));
    assert_int_equal(knowledge_matrix(archive.knowledge)->ruling_count, 1);
}

#define PRODUCTS "products = ( { name = \"p\"; title = \"P\"; line = \"l\"; } );\n"

static void refused_products(const char *text, int line, const char *sentence)
{
    archive_load_products(text);
    yard_has_in("products.conf", line, sentence);
    yard_count(1);
}

static void products_are_what_their_keys_say(void **state)
{
    (void)state;
    refused_products("families = ( );", 0, "products.conf has no products; add: products = ( { ... } );");
    refused_products(PRODUCTS, 0, "products.conf has no families");
    refused_products("date = \"2026-02-30\";\nfamilies = ( ); " PRODUCTS, 1, "date: \"2026-02-30\" is no day");
    refused_products("families = ( );\nproducts = ( { name = \"p\"; title = \"P\"; } );", 2, "a product has no line");
    refused_products("families = ( ); products = ( { name = \"p\"; title = \"P\"; line = \"l\"; },\n"
                     "{ name = \"p\"; title = \"P\"; line = \"l\"; } );",
                     2, "a product \"p\" is already at ");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"oss\"; versions = ( { name = \"v\"; test = { " NEVER
                     " }; } ); } );",
                     2, "group: \"oss\" is none of os, sql, exchange, sharepoint, vsphere, backup; the nearest is os");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"os\"; workloads = [ \"servers\" ]; versions = ( { "
                     "name = \"v\"; test = { " NEVER " }; } ); } );",
                     2, "workloads: \"servers\" is none of client");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; } );", 2,
                     "a family has no versions; add: versions = ( { ... } );");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = ( ); } );", 2,
                     "versions: 0 versions, where 1 to 1024 are possible");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = (\n{ name = \"v\"; } ); } );", 3,
                     "a version has no test");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"os\"; versions = (\n{ name = \"v\"; test = { " NEVER
                     " };\nsupport_end = \"2020-13-01\"; } ); } );",
                     4, "support_end: \"2020-13-01\" is no day");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"os\"; versions = (\n{ name = \"v\"; test = { " NEVER
                     " };\nlevel = -1; } ); } );",
                     4, "level: -1 is out of bounds");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"os\"; versions = (\n{ name = \"v\"; test = { some = "
                     "\"hosts\"; that = {\nfact = \"version\"; is = \"v\"; }; }; } ); } );",
                     4, "fact: what makes a version cannot ask for \"version\"");
    refused_products("rows = ( );\n" PRODUCTS "families = ( );", 1, "rows: products.conf has no such key");
}

#define VERSION(name) "{ name = \"" name "\"; test = { " NEVER " }; }"

static void a_version_is_named_once(void **state)
{
    (void)state;
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = (\n" VERSION("v") ",\n" VERSION(
                         "V") " ); } );",
                     4, "a version of the family f \"V\" is already at ");
    refused_products(PRODUCTS
                     "families = ( { name = \"f\"; group = \"os\"; workloads = [ \"server\" ]; versions = (\n" VERSION(
                         "v") " ); },\n{ name = \"g\"; group = \"os\"; workloads = [ \"server\" ]; versions = "
                              "( " VERSION("v") " ); } );",
                     4, "a version of workload server \"v\" is already at ");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = ( " VERSION(
                         "v") " ); },\n{ name = \"f\"; group = \"os\"; versions = ( " VERSION("w") " ); } );",
                     3, "a family \"f\" is already at ");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = ( " VERSION(
                         "vv1") ",\n{ name = "
                                "\"x\"; variant_of = \"vv2\"; test = { " NEVER " }; } ); } );",
                     3, "variant_of: there is no version \"vv2\" in this family; the nearest is \"vv1\"");
    refused_products(PRODUCTS "families = ( { name = \"f\"; group = \"os\"; versions = ( " VERSION(
                         "v") ",\n{ name = "
                              "\"x\"; variant_of = \"v\"; test = { " NEVER
                              " }; },\n{ name = \"y\"; variant_of = \"x\"; test = { " NEVER " }; } ); } );",
                     4, "variant_of: \"x\" is itself a variant");
}

/* Of the names of products.conf nothing is said while that cannot be read at all. */
static void a_file_that_cannot_be_read_is_told_alone(void **state)
{
    (void)state;
    yard_write("products.conf", "products = (\n{ ;");
    yard_write("matrix/a.conf", ARCHIVE_EDITION "rows = ( " ROW("9", "physical", "mabs-v1") " );\n");
    archive_load_files();
    yard_has_in("products.conf", 2, "expected");
    yard_count(1);
    archive_load(ARCHIVE_EDITION "rows = (\n");
    yard_has_in("matrix/a.conf", 7, "");
    yard_count(1);
    assert_int_equal(unlink(yard_path("products.conf")), 0);
    archive_load_files();
    yard_has_in("products.conf", 0, "No such file");
    yard_count(2);
    archive_load("edition = \"a\";\nedition = \"b\";");
    yard_has_in("matrix/a.conf", 2, "");
    yard_count(1);
}

static void the_folder_is_told(void **state)
{
    char name[32];

    (void)state;
    yard_write("products.conf", archive_products);
    archive_load_files();
    yard_has_in("matrix", 0, "the folder of the matrix holds no file *.conf; put the editions there");
    yard_count(1);
    for (int i = 0; i <= KNOWLEDGE_MAX_FILES; i++) {
        snprintf(name, sizeof name, "matrix/%d.conf", i);
        yard_write(name, "");
    }
    archive_load_files();
    yard_has_in("matrix", 0, "holds 65 files *.conf, where 64 are possible");
    yard_count(1);
    assert_int_equal(unlink(yard_path(name)), 0);
    archive_load_files();
    archive_loads();
    assert_int_equal(rename(yard_path("matrix"), yard_path("elsewhere")), 0);
    archive_load_files();
    yard_has_in("matrix", 0, "the folder of the matrix cannot be read: No such file or directory");
    yard_write("matrix", "");
    archive_load_files();
    yard_has_in("matrix", 0, "the folder of the matrix cannot be read: Not a directory");
    yard_count(1);
}

static void a_folder_in_place_of_a_file_is_told(void **state)
{
    (void)state;
    assert_int_equal(mkdir(yard_path("matrix/b.conf"), 0755), 0);
    archive_load(ARCHIVE_EDITION);
    yard_has_in("matrix/b.conf", 0, "b.conf");
    yard_count(1);
}

static void rows_are_counted_before_they_are_made(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, ARCHIVE_EDITION "rows = ( { row = 1; workload = \"server\"; versions = [ \"Windows Server 2012\"");
    for (int i = 1; i < 4096; i++)
        str_add(&text, ", \"Windows Server 2012\"");
    str_add(&text, " ]; installations = [ \"physical\"");
    for (int i = 1; i < 4096; i++)
        str_add(&text, ", \"physical\"");
    str_add(&text, " ]; answers = ( { product = \"mabs-v1\"; answer = \"yes\"; } ); } );\n");
    archive_load(str_text(&text));
    yard_has_in("matrix/a.conf", 1, "with this edition there are more than 100000 rows in all");
    yard_count(1);
    str_finish(&text);
}

static void a_thousand_problems_are_told_and_the_rest_counted(void **state)
{
    struct str text = STR_EMPTY;

    (void)state;
    str_add(&text, ARCHIVE_EDITION "rows = ( ");
    for (int i = 0; i < 3000; i++)
        str_format(&text, "%s{ row = %d; workload = \"serer\"; }", i == 0 ? "" : ",\n", i + 1);
    str_add(&text, " );\n");
    archive_load(str_text(&text));
    yard_count(CONFIG_MAX_PROBLEMS);
    assert_int_equal(yard.problems.left_out, 3000 * 4 - CONFIG_MAX_PROBLEMS);
    str_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_names_what_there_is, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_answer_is_one_of_three, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_row_answers_once_for_each_key, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_row_of_two_answers_is_told_once, archive_open,
                                        archive_close),
        cmocka_unit_test_setup_teardown(conditions_are_counted, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(each_workload_says_where_it_is_read, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_edition_says_where_it_comes_from, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_product_and_a_name_are_one_editions_alone, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_condition_is_defined_once, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_condition_says_what_it_means, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_ruling_is_for_a_key_that_exists, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(an_attestation_is_of_a_footnote, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(one_footnote_of_an_id_is_enough, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(what_has_lapsed_is_warned_of, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(products_are_what_their_keys_say, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_version_is_named_once, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_file_that_cannot_be_read_is_told_alone, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(the_folder_is_told, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_folder_in_place_of_a_file_is_told, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(rows_are_counted_before_they_are_made, archive_open, archive_close),
        cmocka_unit_test_setup_teardown(a_thousand_problems_are_told_and_the_rest_counted, archive_open, archive_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
