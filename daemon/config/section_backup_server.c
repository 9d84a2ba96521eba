/* backup_servers = ( { name; product; ... } ) */
#include "products.h"
#include "sections.h"

#define AT(member) offsetof(struct config_backup_server, member)

static setting_reader read_product, read_os;

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(name), .required = true },
    { .name = "product", .read = read_product, .offset = AT(product), .required = true },
    { .name = "update", .read = setting_name, .offset = AT(update) },
    { .name = "installation", .read = setting_word, .offset = AT(installation), .words = installation_words },
    { .name = "os", .read = read_os, .offset = AT(os) },
    { .name = "domain", .read = setting_name, .offset = AT(domain) },
    { .name = "trusts", .read = setting_names, .offset = AT(trusts), .count_offset = AT(trust_count) },
    { .name = "site", .read = setting_name, .offset = AT(site) },
};

const struct group section_backup_server = { "a backup server", keys, sizeof keys / sizeof keys[0] };

static struct config_backup_server *server_at(const struct key *key, void *to)
{
    return (void *)((char *)to - key->offset);
}

static void read_product(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    server_at(key, to)->product_place = setting_place(reader, setting);
    setting_name(reader, setting, key, to);
}

static void read_os(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    server_at(key, to)->os_place = setting_place(reader, setting);
    setting_name(reader, setting, key, to);
}

void section_add_backup_server(struct reader *reader, const config_setting_t *setting)
{
    struct config_backup_server server = { .place = setting_place(reader, setting) };

    setting_group(reader, setting, &section_backup_server, &server);
    if (server.name != NULL)
        vec_push(&draft_of(reader)->config->backup_servers, server);
}
