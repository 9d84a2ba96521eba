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
    section_hook, section_maintenance, section_report;

void section_add_credential(struct reader *reader, const config_setting_t *setting);
void section_add_backup_server(struct reader *reader, const config_setting_t *setting);
void section_add_target(struct reader *reader, const config_setting_t *setting);
void section_add_assign(struct reader *reader, const config_setting_t *setting);
void section_add_identity(struct reader *reader, const config_setting_t *setting);
void section_add_hook(struct reader *reader, const config_setting_t *setting);
void section_add_maintenance(struct reader *reader, const config_setting_t *setting);
void section_add_report(struct reader *reader, const config_setting_t *setting);

/* As setting_names and setting_words, of what is asked for: an empty list is a mistake. */
setting_reader section_names, section_words;

/* The name of a time zone, into a struct config_zone. Where files are not looked at, its clocks show UTC. */
setting_reader section_zone;

/* Whether a text has this form, in which a 0 stands for any digit. */
bool section_has_form(const char *text, const char *form);

/* The minute of the day that "22:00" is; -1: it is none, or a later one than the last. */
int section_minute(const char *text, int last);

#endif
