/* credentials = ( { name; username; password_file | systemd_credential | password; } ) */
#include "sections.h"

#include "credential.h"
#include "problem.h"
#include "text.h"

#include <string.h>

#define AT(member) offsetof(struct config_credential, member)

static setting_reader read_systemd, read_password;

static const struct key keys[] = {
    { .name = "name", .read = setting_name, .offset = AT(name), .required = true },
    { .name = "username", .read = setting_name, .offset = AT(username) },
    { .name = "password_file", .read = setting_path, .offset = AT(password_file) },
    { .name = "systemd_credential", .read = read_systemd, .offset = AT(systemd_credential) },
    { .name = "password", .read = read_password, .offset = AT(password) },
};

const struct group section_credential = { "a credential", keys, sizeof keys / sizeof keys[0] };

/* systemd's own rule: a file's name. */
static void read_systemd(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char *name = NULL;
    char quote[TEXT_QUOTE_SIZE];

    setting_name(reader, setting, key, &name);
    if (name == NULL)
        return;
    if (strchr(name, '/') != NULL || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        setting_problem(reader, setting,
                        "\"%s\" is no name of a credential, such as \"corp-scan\": it is a file "
                        "beneath $CREDENTIALS_DIRECTORY, without a folder",
                        text_quote(quote, name));
    else
        *(const char **)to = name;
}

static void read_password(struct reader *reader, const config_setting_t *setting, const struct key *key, void *to)
{
    const char **password = to;

    setting_text(reader, setting, key, to);
    if (*password == NULL)
        return;
    if (strlen(*password) > CREDENTIAL_MAX)
        setting_problem(reader, setting, "a password of more than %d bytes", CREDENTIAL_MAX);
    warning_add(reader->problems, setting_place(reader, setting),
                "password: the password stands in this file, for everyone who may read it; put it into a file of its "
                "own (password_file) or use systemd_credential");
}

/* Which keys are there is asked of the file: one that is there and wrong has its own problem already. */
static void check_secret(struct reader *reader, const config_setting_t *setting,
                         const struct config_credential *credential)
{
    static const char *const names[] = { "password_file", "systemd_credential", "password" };
    size_t given = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        given += config_setting_get_member((config_setting_t *)setting, names[i]) != NULL;
    if (given == 0)
        problem_add(reader->problems, credential->place,
                    "this credential has no secret; add one of: password_file = \"corp.pw\"; or systemd_credential = "
                    "\"corp\";");
    else if (given > 1)
        problem_add(reader->problems, credential->place,
                    "this credential has more than one secret; keep one of password_file, systemd_credential and "
                    "password");
}

void section_add_credential(struct reader *reader, const config_setting_t *setting)
{
    struct config_credential credential = { .place = setting_place(reader, setting) };

    setting_group(reader, setting, &section_credential, &credential);
    check_secret(reader, setting, &credential);
    /* One without a secret is kept, so that the targets that use it are not called wrong as well. */
    if (credential.name != NULL)
        vec_push(&draft_of(reader)->config->credentials, credential);
}
