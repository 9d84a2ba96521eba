/* Of which type a data source is, and what it is thought to protect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protected_item.h"
#include "rows.h"

#include <string.h>

#define VMWARE "18BEE66C-826F-4499-A663-9805C8688AD3"
#define HYPERV "66841CD4-6DED-4F4B-8F17-FD23F8DDC3DE"
#define SQL "A65FAA63-5EA8-4EBC-9DBD-A0C4DB26912A"
#define EXCHANGE "76FE1AC4-15F7-4BCD-987E-8E1ACB462FB7"
#define OTHER "99999999-6DED-4F4B-8F17-FD23F8DDC3DE"

static const struct {
    const char *app_id, *name, *computer, *group, *identifier; /* as rows have them; NIL: NULL */
    const char *type;                                          /* "": not known */
    const char *protects;                                      /* "": nothing that can be named */
    const char *why;                                           /* then: part of the reason */
} cases[] = {
    /* files and system state */
    { NIL, "D:\\", "FS01.corp.example", "0", NIL, "Volume",
      "machine id.fqdn fs01.corp.example; hyperv_host id.fqdn fs01.corp.example; vm guest.fqdn fs01.corp.example",
      NULL },
    { NIL, "C:\\Mounts\\Data\\", "fs01.corp.example.", "0", NIL, "Volume",
      "machine id.fqdn fs01.corp.example; hyperv_host id.fqdn fs01.corp.example; vm guest.fqdn fs01.corp.example",
      NULL },
    { NIL, "\\\\fs01\\Public", "fs01.corp.example", "0", NIL, "Share",
      "machine id.fqdn fs01.corp.example; hyperv_host id.fqdn fs01.corp.example; vm guest.fqdn fs01.corp.example",
      NULL },
    { NIL, "System Protection", "dc01.corp.example", "0", NIL, "System Protection",
      "machine id.fqdn dc01.corp.example; hyperv_host id.fqdn dc01.corp.example; vm guest.fqdn dc01.corp.example",
      NULL },
    { NIL, "D:\\", "FILES.clu1.corp.example", "1", NIL, "Volume", "", "resource group" },
    { NIL, "D:\\", "STANDALONE", "0", NIL, "Volume", "", "without a domain" },
    /* SQL Server */
    { SQL, "SQL01\\Sales", "sql01.corp.example", "0", NIL, "SQL Server",
      "database id.path sql01.corp.example\\MSSQLSERVER/Sales", NULL },
    { SQL, "SQL01\\ERP\\Sales", "sql01.corp.example", "0", NIL, "SQL Server",
      "database id.path sql01.corp.example\\ERP/Sales", NULL },
    { SQL, "ERP\\Sales", "sql01.corp.example", "0", NIL, "SQL Server", "database id.path sql01.corp.example\\ERP/Sales",
      NULL },
    { SQL, "sql01.corp.example\\ERP\\Sales", "sql01.corp.example", "0", NIL, "SQL Server",
      "database id.path sql01.corp.example\\ERP/Sales", NULL },
    { SQL, "SQLV1\\ERP\\Sales", "SQL Server (ERP).clu2.corp.example", "1", NIL, "SQL Server",
      "database id.path SQLV1.corp.example\\ERP/Sales", NULL },
    { SQL, "SQLV1\\Sales", "sqlv1.corp.example", "1", NIL, "SQL Server",
      "database id.path sqlv1.corp.example\\MSSQLSERVER/Sales", NULL },
    { SQL, "Sales", "sql01.corp.example", "0", NIL, "SQL Server", "", "no instance" },
    { SQL, "SQL01\\ERP\\a\\b", "sql01.corp.example", "0", NIL, "SQL Server", "", "more parts" },
    { SQL, "SQL02\\ERP\\Sales", "sql01.corp.example", "0", NIL, "SQL Server", "", "not the computer" },
    { SQL, "SQL01\\\\Sales", "sql01.corp.example", "0", NIL, "SQL Server", "", "not the computer" },
    { SQL, "SQL01\\]; DROP", "sql01.corp.example", "0", NIL, "SQL Server",
      "database id.path sql01.corp.example\\MSSQLSERVER/]; DROP", NULL },
    /* Hyper-V */
    { HYPERV, "\\Online\\VM7", "hv01.corp.example", "0", NIL, "Microsoft Hyper-V", "vm id.path hv01.corp.example/VM7",
      NULL },
    { NIL, "\\Backup Using Child Partition Snapshot\\VM7", "hv01.corp.example", "0", NIL, "Microsoft Hyper-V",
      "vm id.path hv01.corp.example/VM7", NULL },
    { HYPERV, "\\Online\\VM7", "clu1.corp.example", "1", NIL, "Microsoft Hyper-V",
      "vm id.path clu1.corp.example/VM7; vm id.path corp.example/VM7", NULL },
    { HYPERV, "\\Online\\VM7", "SCVMM VM7 Resources.clu1.corp.example", "1", NIL, "Microsoft Hyper-V",
      "vm id.path clu1.corp.example/VM7", NULL },
    { HYPERV, "\\Online\\VM7", "hv01.corp.example", "0",
      "<ArrayOfInquiryPathEntryType><InquiryPathEntryType><VMMIdentifier>{6D1F6F0E-5A53-4F0C-9C7E-2F8A31B7C001}"
      "</VMMIdentifier></InquiryPathEntryType></ArrayOfInquiryPathEntryType>",
      "Microsoft Hyper-V", "vm id.hyperv_guid 6d1f6f0e-5a53-4f0c-9c7e-2f8a31b7c001; vm id.path hv01.corp.example/VM7",
      NULL },
    { HYPERV, "Host Component", "hv01.corp.example", "0", NIL, "Microsoft Hyper-V", "", "no virtual machine" },
    /* VMware */
    { VMWARE, "web01", "vc01.corp.example", "0", NIL, "VMware", "vm id.path vc01.corp.example/web01", NULL },
    { VMWARE, "a\\b", "vc01.corp.example", "0", NIL, "VMware", "vm id.path vc01.corp.example/a\\b", NULL },
    /* SharePoint and Exchange */
    { NIL, "SharePoint Farm\\SQL01\\SharePoint_Config", "sp01.corp.example", "0", NIL, "SharePoint Farm",
      "sharepoint_farm id.path sp01.corp.example/SharePoint_Config", NULL },
    { EXCHANGE, "Crew", "ex01.corp.example", "0", NIL, "Exchange",
      "mailbox_database id.path ex01.corp.example/Crew; exchange_server id.fqdn ex01.corp.example", NULL },
    /* what nobody knows */
    { OTHER, "Something", "x.corp.example", "0", NIL, "", "", "type is not known" },
    { NIL, "Something", "x.corp.example", "0", NIL, "", "", "type is not known" },
    { SQL, "SQL01\\Sales", NIL, "0", NIL, "SQL Server", "", "not among those" },
};

static void what_a_data_source_protects_follows_from_its_type_and_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct holdings holdings;
        struct item item;

        holdings_init(&holdings);
        if (cases[i].computer != NIL)
            ROW(&holdings, SECTION_SERVERS, SERVER_1, cases[i].computer, NIL, NIL, cases[i].group);
        ROW(&holdings, SECTION_SOURCES, SOURCE_1, cases[i].name, SERVER_1, GROUP_1, cases[i].app_id, "0");
        ROW(&holdings, SECTION_OBJECTS, SOURCE_1, NIL, NIL, cases[i].identifier);
        rows_read_all(&holdings);
        holdings_join(&holdings);
        assert_int_equal(holdings.sources.count, 1);
        protected_item(&item, &holdings, holdings.sources.items[0], "mabs.example", &holdings.arena);
        assert_string_equal(rows_text(&item, "protected.type"), cases[i].type);
        assert_string_equal(rows_protects(&item), cases[i].protects);
        assert_int_equal(rows_unread(&item, "protected.type") != NULL, cases[i].type[0] == '\0');
        if (cases[i].why != NULL) {
            assert_non_null(rows_unread(&item, "protected.target"));
            assert_non_null(strstr(rows_unread(&item, "protected.target"), cases[i].why));
        } else {
            assert_null(rows_unread(&item, "protected.target"));
            assert_int_not_equal(rows_text(&item, "protected.target")[0], '\0');
        }
        holdings_finish(&holdings);
    }
}

static void a_type_that_no_document_gives_is_told_as_inferred(void **state)
{
    static const struct {
        const char *app_id, *name;
        bool inferred;
    } types[] = { { VMWARE, "web01", false }, { SQL, "SQL01\\Sales", true }, { NIL, "D:\\", true } };

    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct holdings holdings;
        struct item item;

        holdings_init(&holdings);
        ROW(&holdings, SECTION_SERVERS, SERVER_1, "sql01.corp.example", NIL, NIL, "0");
        ROW(&holdings, SECTION_SOURCES, SOURCE_1, types[i].name, SERVER_1, GROUP_1, types[i].app_id, "0");
        rows_read_all(&holdings);
        holdings_join(&holdings);
        protected_item(&item, &holdings, holdings.sources.items[0], "mabs.example", &holdings.arena);
        assert_int_equal(strstr(rows_list(&item, "protected.inferred"), "protected.type") != NULL, types[i].inferred);
        holdings_finish(&holdings);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_data_source_protects_follows_from_its_type_and_names),
        cmocka_unit_test(a_type_that_no_document_gives_is_told_as_inferred),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
