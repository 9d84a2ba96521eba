/* backup_servers = ( { name; product; ... } ) */
#include "sections.h"

#define AT(member) offsetof(struct config_backup_server, member)

static const char *const products[] = { "mabs-v1",  "mabs-v2",    "mabs-v3",  "mabs-v3-ur1", "mabs-v3-ur2",
                                        "mabs-v4",  "dpm-2012r2", "dpm-2016", "dpm-sac",     "dpm-2019",
                                        "dpm-2022", "dpm-2025",   NULL };

const char *const section_installations[] = { "physical", "hyperv-vm", "vmware-vm", "azure-vm", "azure-stack", NULL };

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(name), .required = true },
    { .name = "product", .read = setting_word, .offset = AT(product), .required = true, .words = products },
    { .name = "update", .read = setting_name, .offset = AT(update) },
    { .name = "installation", .read = setting_word, .offset = AT(installation), .words = section_installations },
    { .name = "os", .read = setting_name, .offset = AT(os) },
    { .name = "domain", .read = setting_name, .offset = AT(domain) },
    { .name = "trusts", .read = setting_names, .offset = AT(trusts), .count_offset = AT(trust_count) },
    { .name = "site", .read = setting_name, .offset = AT(site) },
};

const struct group section_backup_server = { "a backup server", keys, sizeof keys / sizeof keys[0] };

void section_add_backup_server(struct reader *reader, const config_setting_t *setting)
{
    struct config_backup_server server = { .place = setting_place(reader, setting) };

    setting_group(reader, setting, &section_backup_server, &server);
    if (server.name != NULL)
        vec_push(&draft_of(reader)->config->backup_servers, server);
}
