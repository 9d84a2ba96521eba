#include "products.h"

#include <string.h>

const char *const workload_words[] = { "client",    "server", "sql", "exchange",    "sharepoint", "hyperv-host",
                                       "vmware-vm", "linux",  "vmm", "azure-local", NULL };

const char *const installation_words[] = { "physical",    "hyperv-vm",      "vmware-vm", "azure-vm",
                                           "azure-stack", "azure-local-vm", NULL };

const char *const installation_phrases[] = { "on physical hardware",
                                             "in a Hyper-V virtual machine",
                                             "in a VMware virtual machine",
                                             "in an Azure virtual machine",
                                             "on Azure Stack",
                                             "in an Azure Local virtual machine",
                                             NULL };

const char *const group_words[] = {
#define X(name, word) word,
    PRODUCT_GROUPS(X) NULL
#undef X
};

const struct product *products_find(const struct products *products, const char *name)
{
    for (size_t i = 0; i < products->product_count; i++) {
        if (strcmp(products->products[i].name, name) == 0)
            return &products->products[i];
    }
    return NULL;
}

static bool has_workload(const struct family *family, const char *workload)
{
    for (size_t i = 0; i < family->workload_count; i++) {
        if (strcmp(family->workloads[i], workload) == 0)
            return true;
    }
    return false;
}

const struct version *family_version(const struct family *family, const char *name)
{
    for (size_t i = 0; i < family->version_count; i++) {
        if (strcasecmp(family->versions[i].name, name) == 0)
            return &family->versions[i];
    }
    return NULL;
}

const struct version *products_version(const struct products *products, const char *workload, const char *name)
{
    const struct version *found = NULL;

    for (size_t i = 0; i < products->family_count && found == NULL; i++) {
        if (has_workload(&products->families[i], workload))
            found = family_version(&products->families[i], name);
    }
    return found;
}

enum product_group products_group(const struct products *products, const char *workload)
{
    for (size_t i = 0; i < products->family_count; i++) {
        if (has_workload(&products->families[i], workload))
            return products->families[i].group;
    }
    return GROUP_COUNT;
}
