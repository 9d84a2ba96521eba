/* The sections of a configuration: for each list of groups its table of keys, and the reader of one of its elements,
 * which appends it to the configuration or to the reader's raw entries. docs/configuration.md describes every key. */
#ifndef SECTIONS_H
#define SECTIONS_H

#include "draft.h"
#include "setting.h"

#include <libconfig.h>

#define SECTION_MS_S INT64_C(1000)
#define SECTION_MS_DAY (86400 * SECTION_MS_S)
#define SECTION_MIB (INT64_C(1) << 20)
#define SECTION_GIB (INT64_C(1) << 30)

/* What stands outside of all groups; from here all others are reached. */
extern const struct group section_root;

extern const struct group section_credential, section_backup_server, section_target, section_assign, section_identity,
    section_hook, section_maintenance;

void section_add_credential(struct reader *reader, const config_setting_t *setting);
void section_add_backup_server(struct reader *reader, const config_setting_t *setting);
void section_add_target(struct reader *reader, const config_setting_t *setting);
void section_add_assign(struct reader *reader, const config_setting_t *setting);
void section_add_identity(struct reader *reader, const config_setting_t *setting);
void section_add_hook(struct reader *reader, const config_setting_t *setting);
void section_add_maintenance(struct reader *reader, const config_setting_t *setting);

/* As setting_names, of what is asked for: an empty list is a mistake. */
setting_reader section_names;

#endif
